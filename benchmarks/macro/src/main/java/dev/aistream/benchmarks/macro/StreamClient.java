package dev.aistream.benchmarks.macro;

import java.util.concurrent.CompletableFuture;

/** One way to read a streamed chat completion. */
interface StreamClient {

    /** Takes what a stream brings; called on any thread, for one stream never on two at once. */
    interface Reader {

        /** A fragment of text. */
        void text(String fragment);

        /** Bytes of the body, from a client that looks at nothing. */
        default void bytes(int count) {}
    }

    /**
     * Starts one stream.
     * @return completes when the stream has ended
     */
    CompletableFuture<Void> stream(Reader reader);

    /** Whether it hands out text, and not just bytes. */
    default boolean decodes() {
        return true;
    }
}
