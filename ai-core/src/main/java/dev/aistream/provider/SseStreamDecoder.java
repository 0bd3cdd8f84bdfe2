package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import java.nio.ByteBuffer;

/**
 * What every provider that speaks server-sent events shares: a subclass turns events into {@link
 * dev.aistream.chat.ChatEvent}s, this class takes care of the framing and of bodies that are no event stream.
 */
public abstract class SseStreamDecoder implements StreamDecoder {

    private final ResponseHead head;
    private final int maxLineLength;

    /**
     * A decoder of one response.
     * @param maxLineLength longest line, in bytes
     */
    protected SseStreamDecoder(ResponseHead head, int maxLineLength) {
        this.head = head;
        this.maxLineLength = maxLineLength;
    }

    protected final ResponseHead head() {
        return head;
    }

    /**
     * One event of the provider.
     * @param type {@code message} where the provider sends none
     * @param data well-formed UTF-8, valid only during the call
     * @param out takes the events
     */
    protected abstract void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out);

    /**
     * The body has ended, and every event of it was handed over. Completes, or fails.
     * @param out takes the last events
     */
    protected abstract void onEnd(ChatEventSink out);

    @Override
    public final void decode(ByteBuffer chunk, ChatEventSink out) {
        throw new UnsupportedOperationException(head + " " + maxLineLength);
    }

    @Override
    public final void end(ChatEventSink out) {
        onEnd(out);
    }
}
