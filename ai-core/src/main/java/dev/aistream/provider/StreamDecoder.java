package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import java.nio.ByteBuffer;

/**
 * Turns the body of one response into events. Not thread-safe, but handed from thread to thread safely: one
 * instance per subscription.
 */
public interface StreamDecoder {

    /**
     * Decodes the next bytes, cut anywhere.
     * @param chunk read to its limit, not kept
     * @param out takes the events that the bytes complete, in order
     * @throws ChatException if the stream cannot go on; events emitted before it are delivered first
     */
    void decode(ByteBuffer chunk, ChatEventSink out);

    /**
     * The body has ended. Emits what is still open and calls {@link ChatEventSink#complete()} if the answer is whole.
     * @param out takes the last events
     * @throws ChatException of kind {@code INTERRUPTED} if the provider's completion signal was not seen, or the
     *     failure that the bytes held back so far tell of
     */
    void end(ChatEventSink out);

    /**
     * Whether silence may end the answer now, as after a finish reason that no {@code [DONE]} has followed yet: after
     * a grace without bytes, {@link #end} is called.
     */
    default boolean completable() {
        return false;
    }
}
