package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderErrors;
import dev.aistream.provider.SseStreamDecoder;
import dev.aistream.provider.StreamDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the body of one answer of the Gemini API into {@link dev.aistream.chat.ChatEvent}s.
 *
 * <p>The body is an event stream, or, where a gateway drops {@code alt=sse}, a JSON array of what would be the events'
 * data. Its first byte that is no white space tells them apart.
 *
 * <pre>
 *             '['
 * undecided ------> array of responses   ends with ']' or the body, after a finish reason
 *     |  other
 *     +-----------> event stream         ends with the body, after a finish reason
 * </pre>
 */
final class GeminiStreamDecoder implements StreamDecoder {

    private final GeminiAnswer answer;
    private final Events events;
    private final int maxLineLength;
    private boolean undecided = true;
    private @Nullable JsonArraySplitter array;

    GeminiStreamDecoder(
            ResponseHead head, int maxLineLength, String provider, List<String> warnings, boolean includeRaw) {
        this.answer = new GeminiAnswer(head, provider, warnings, includeRaw);
        this.maxLineLength = maxLineLength;
        this.events = new Events(head, maxLineLength);
    }

    @Override
    public void decode(ByteBuffer chunk, ChatEventSink out) {
        if (undecided) {
            decide(chunk);
        }
        if (array == null) {
            events.decode(chunk, out);
            return;
        }
        array.feed(chunk, (json, offset, length) -> answer.onResponse(json, offset, length, out));
        if (array.closed() && !answer.ended()) {
            events.onEnd(out);
        }
    }

    /** White space and a byte order mark decide nothing, and do no harm in an event stream that has not begun. */
    private void decide(ByteBuffer chunk) {
        for (int i = chunk.position(); i < chunk.limit(); i++) {
            byte b = chunk.get(i);
            if (b == '[') {
                array = new JsonArraySplitter(maxLineLength);
            }
            if (!isBeforeBody(b)) {
                undecided = false;
                return;
            }
        }
    }

    private static boolean isBeforeBody(byte b) {
        return b == ' '
                || b == '\n'
                || b == '\r'
                || b == '\t'
                || b == (byte) 0xEF
                || b == (byte) 0xBB
                || b == (byte) 0xBF;
    }

    @Override
    public void end(ChatEventSink out) {
        if (answer.ended()) {
            return;
        }
        if (array == null) {
            events.end(out);
        } else {
            events.onEnd(out);
        }
    }

    @Override
    public boolean completable() {
        return answer.finished();
    }

    private final class Events extends SseStreamDecoder {

        Events(ResponseHead head, int maxLineLength) {
            super(head, maxLineLength);
        }

        @Override
        protected void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
            if (answer.ended()) {
                return;
            }
            if (type.equals(ERROR)) {
                throw ProviderErrors.inStream(data, offset, length, head());
            }
            if (!isDone(data, offset, length)) {
                answer.onEvent(data, offset, length, out);
            } else if (answer.finished()) {
                answer.end(out);
            }
        }

        /**
         * The body, or the array, has ended.
         * @throws ChatException if that was too early
         */
        @Override
        protected void onEnd(ChatEventSink out) {
            if (!answer.finished()) {
                throw interrupted();
            }
            answer.end(out);
        }
    }
}
