package dev.aistream.benchmarks.macro;

import java.util.concurrent.CompletableFuture;
import org.springframework.core.io.buffer.DataBuffer;

/** One way to read a streamed chat completion. */
interface StreamClient {

    /** Takes what a stream brings; called on any thread, for one stream never on two at once. */
    interface Reader {

        /** A fragment of text, or of whatever else the answer is made of. */
        void text(String fragment);

        /** Bytes of the body, from the client that decodes nothing; released by the caller. */
        void bytes(DataBuffer buffer);
    }

    /**
     * Starts one stream.
     * @param prompt tells the server what to send
     * @return completes when the stream has ended
     */
    CompletableFuture<Void> stream(String prompt, Reader reader);
}
