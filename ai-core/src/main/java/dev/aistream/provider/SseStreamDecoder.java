package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.sse.SseHandler;
import dev.aistream.sse.SseParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What every provider that speaks server-sent events shares. A subclass turns events into {@link
 * dev.aistream.chat.ChatEvent}s; this class does the framing and tells
 *
 * <ul>
 *   <li>a body that is no event stream, once it ends or {@value #MAX_FOREIGN_BYTES} bytes have passed without a field
 *       or comment: {@link Kind#NOT_EVENT_STREAM}, never an empty success,
 *   <li>an error that stands between the events, as an {@code error:} line or as bare JSON over one or more lines, or
 *       in place of the stream: {@link Kind#PROVIDER_ERROR}, as soon as its last bracket is there,
 *   <li>a last event without its blank line: handed over if it is {@code [DONE]} or whole JSON.
 * </ul>
 *
 * <p>Not thread-safe: one instance per response.
 */
public abstract class SseStreamDecoder implements StreamDecoder {

    /** Type of the events by which providers, and the proxies before them, tell that the answer failed. */
    public static final String ERROR = "error";

    /** Least that the parser can tell a field's name in. */
    private static final int MIN_LINE_LENGTH = 16;

    private static final int MAX_FOREIGN_BYTES = 16 * 1024;
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final ResponseHead head;
    private final SseParser parser;
    private final Handler handler = new Handler();
    /** Made for the first line that is no field. */
    private @Nullable BareErrors bareErrors;

    private long bytes;
    private boolean checkFraming = true;
    private boolean atEnd;
    private @Nullable ChatEventSink out;

    /**
     * A decoder of one response.
     * @param head the response's head, which failures carry
     * @param maxLineLength longest line, in bytes; taken as {@value #MIN_LINE_LENGTH} where it is less
     */
    protected SseStreamDecoder(ResponseHead head, int maxLineLength) {
        this.head = head;
        this.parser = new SseParser(Math.max(MIN_LINE_LENGTH, maxLineLength));
    }

    protected final ResponseHead head() {
        return head;
    }

    /**
     * One event of the provider. One without data, or with white space alone, is nothing.
     * @param type {@code message} where the provider sends none
     * @param data holds well-formed UTF-8, valid only during the call
     * @param offset where in {@code data}
     * @param length in bytes
     * @param out takes the events
     * @throws ChatException if the stream cannot go on
     * @throws JsonSyntaxException if the event is not the JSON that the provider documents
     */
    protected abstract void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out);

    /**
     * The body has ended, and every event of it was handed over. Completes if the provider's completion signal was seen,
     * fails otherwise.
     * @param out takes the last events
     * @throws ChatException of kind {@code INTERRUPTED}, usually {@link #interrupted}
     */
    protected abstract void onEnd(ChatEventSink out);

    /** Whether an event's data are {@code [DONE]}, white space around it aside. */
    protected static boolean isDone(byte[] data, int offset, int length) {
        int from = offset;
        int to = offset + length;
        while (from < to && isSpace(data[from])) {
            from++;
        }
        while (from < to && isSpace(data[to - 1])) {
            to--;
        }
        return Arrays.equals(data, from, to, DONE, 0, DONE.length);
    }

    /** Bytes are signed: those of characters beyond ASCII are below every space. */
    private static boolean isSpace(byte c) {
        return c >= 0 && c <= ' ';
    }

    /** The failure of a stream that ended without the provider's completion signal. */
    protected final ChatException interrupted() {
        return ChatException.builder(Kind.INTERRUPTED, "The stream ended without the provider's completion signal")
                .retryable(true)
                .head(head)
                .build();
    }

    @Override
    public final void decode(ByteBuffer chunk, ChatEventSink out) {
        // To store a reference into what may be old costs G1 more than to compare it.
        if (this.out != out) {
            this.out = out;
        }
        long before = bytes;
        bytes += chunk.remaining();
        if (checkFraming && bytes > MAX_FOREIGN_BYTES) {
            // What the first bytes are must not depend on how many others came with them.
            int limit = chunk.limit();
            chunk.limit(chunk.position() + (int) (MAX_FOREIGN_BYTES - before));
            feed(chunk);
            chunk.limit(limit);
            if (!parser.isEventStream()) {
                throw notEventStream();
            }
        }
        feed(chunk);
        checkFraming = checkFraming && !parser.isEventStream();
    }

    private void feed(ByteBuffer chunk) {
        parser.feed(chunk, handler);
        ByteBuffer open = parser.unknownLine();
        if (open != null) {
            bareErrors().openLine(open.array(), open.arrayOffset() + open.position(), open.remaining());
        }
    }

    private BareErrors bareErrors() {
        BareErrors errors = bareErrors;
        if (errors == null) {
            errors = new BareErrors(head);
            bareErrors = errors;
        }
        return errors;
    }

    @Override
    public final void end(ChatEventSink out) {
        this.out = out;
        if (!atEnd) {
            atEnd = true;
            parser.unfinished(handler);
        }
        if (!parser.isEventStream()) {
            throw notEventStream();
        }
        onEnd(out);
    }

    private ChatException notEventStream() {
        String contentType = head.header("content-type");
        String what = bytes == 0 ? "The response has no body" : "The response is no event stream";
        return ChatException.builder(
                        Kind.NOT_EVENT_STREAM,
                        what + " (content type " + (contentType == null ? "not given" : contentType) + ")")
                .status(head.status())
                .head(head)
                .build();
    }

    private final class Handler implements SseHandler {

        @Override
        public void onEvent(String type, byte[] data, int offset, int length, String lastEventId) {
            if (out == null || (atEnd && !isWhole(data, offset, length))) {
                return;
            }
            if (bareErrors != null) {
                bareErrors.interruptedByEvent();
            }
            if (!isBlank(data, offset, length)) {
                SseStreamDecoder.this.onEvent(type, data, offset, length, out);
            }
        }

        @Override
        public void onUnknownLine(byte[] line, int offset, int length, boolean cut) {
            bareErrors().line(line, offset, length, cut);
        }
    }

    private static boolean isBlank(byte[] data, int offset, int length) {
        int at = offset;
        while (at < offset + length && isSpace(data[at])) {
            at++;
        }
        return at == offset + length;
    }

    private static boolean isWhole(byte[] data, int offset, int length) {
        if (isDone(data, offset, length)) {
            return true;
        }
        try {
            JsonReader reader = new JsonReader();
            reader.reset(data, offset, length);
            reader.skipValue();
            reader.end();
            return true;
        } catch (JsonSyntaxException cut) {
            return false;
        }
    }
}
