package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Splits a {@code text/event-stream} body into events.
 *
 * <p>Chunks may be cut anywhere, inside a UTF-8 character or a CRLF included; what the handler sees does not depend on
 * it. An event still open at end of stream is not dispatched, as the specification asks; {@link #unfinished} exposes
 * it.
 *
 * <pre>
 *                                    CR, LF or CRLF
 *             ┌────────────────────────────────────────────────────────┐
 *   BOM?      ▼        the name is clear                               │
 *  ───────▶ line start ────────┬──▶ data, event, id, retry: kept ──────┤
 *           blank: dispatch    ├──▶ unknown: a first part kept ────────┤
 *                              └──▶ comment, ignored: not kept ────────┘
 * </pre>
 *
 * <p>Data are handed out where they lie, in the chunk's own array if it has one: nothing is copied but lines and events
 * cut by the end of a chunk, and nothing is allocated per event. Memory is bounded by one line and one event; comments
 * and ignored lines may be endless. Time is linear in the bytes, however they are cut.
 *
 * <p>Not thread-safe: one instance per response, which may pass from thread to thread safely.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">Parsing an event stream</a>
 */
public final class SseParser {

    /** Longest line unless said otherwise, in bytes. */
    public static final int DEFAULT_MAX_LINE_LENGTH = 16 * 1024;

    /** Longest event unless said otherwise, in bytes. */
    public static final int DEFAULT_MAX_EVENT_LENGTH = 1024 * 1024;

    private static final int LEAST_MAX_LINE_LENGTH = 16;
    private static final int MAX_UNKNOWN_LENGTH = 16 * 1024;
    private static final int MAX_BLOCK = 8 * 1024;

    private static final String MESSAGE = "message";
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int maxLineLength;
    private final int maxUnknownLength;
    private final LineScanner scanner = new LineScanner();
    private final RecentStrings types = new RecentStrings();

    /** Bytes of the BOM seen so far; its length once no BOM can follow. */
    private int bom;
    /** A CR ended the chunk: it may be half of a CRLF, whose LF must not end a second line. */
    private boolean lfMayFollow;

    private final CutLine cutLine;
    private final EventData data;
    private String type = MESSAGE;
    private boolean typed;
    private String id = "";
    private boolean identified;
    private String lastEventId = "";

    private boolean eventStream;
    /** Stays true when feeding ends by an exception. */
    private boolean busy;

    private byte[] block = {};

    /** Makes a parser with the default limits. */
    public SseParser() {
        this(DEFAULT_MAX_LINE_LENGTH);
    }

    /**
     * Makes a parser whose events may be as long as four lines, at least {@link #DEFAULT_MAX_EVENT_LENGTH}.
     * @param maxLineLength as below
     */
    public SseParser(int maxLineLength) {
        this(maxLineLength, (int)
                Math.min(Math.max(4L * maxLineLength, DEFAULT_MAX_EVENT_LENGTH), Integer.MAX_VALUE - 8));
    }

    /**
     * Makes a parser.
     * @param maxLineLength in bytes, at least 16: longest {@code data}, {@code event}, {@code id} or {@code retry} line,
     *     field name included, line end not
     * @param maxEventLength in bytes, at least 16: longest data of one event, all lines and the LFs between them
     */
    public SseParser(int maxLineLength, int maxEventLength) {
        if (maxLineLength < LEAST_MAX_LINE_LENGTH || maxEventLength < LEAST_MAX_LINE_LENGTH) {
            throw new IllegalArgumentException("Limits must be at least " + LEAST_MAX_LINE_LENGTH + " bytes: "
                    + maxLineLength + ", " + maxEventLength);
        }
        this.maxLineLength = maxLineLength;
        this.maxUnknownLength = Math.min(maxLineLength, MAX_UNKNOWN_LENGTH);
        this.cutLine = new CutLine(maxLineLength, maxUnknownLength);
        this.data = new EventData(maxEventLength);
    }

    /**
     * Accepts the next bytes and hands over the events that they complete, in order.
     * @param chunk UTF-8 bytes, any length; read to its limit, not read afterwards
     * @param handler called on this thread, possibly never
     * @throws SseLimitException if one line exceeds {@code maxLineLength} bytes, or one event {@code maxEventLength};
     *     events completed before were handed over
     * @throws IllegalStateException if called from a handler, after {@link #unfinished}, or after an earlier call
     *     threw, by whoever's fault: the parser is then spent
     */
    public void feed(ByteBuffer chunk, SseHandler handler) {
        enter();
        if (chunk.hasArray()) {
            int from = chunk.arrayOffset() + chunk.position();
            int to = chunk.arrayOffset() + chunk.limit();
            chunk.position(chunk.limit());
            parse(chunk.array(), from, to, handler);
        } else {
            while (chunk.hasRemaining()) {
                int length = Math.min(chunk.remaining(), MAX_BLOCK);
                chunk.get(block(length), 0, length);
                parse(block, 0, length, handler);
            }
        }
        busy = false;
    }

    /**
     * To be called at end of stream, at most once: hands over what a missing last line end or blank line left open, as
     * if they had been there. The specification discards it; some providers end their streams so. It may be cut
     * anywhere, so accept only what is whole by itself.
     *
     * <p>Calls {@link SseHandler#onUnknownLine} or {@link SseHandler#onEvent} at most once each, and nothing else;
     * {@link #lastEventId()} stays as it is.
     * @return whether anything was open
     * @throws SseLimitException as {@link #feed} does
     */
    public boolean unfinished(SseHandler handler) {
        enter();
        boolean open = cutLine.isOpen() || data.present();
        if (cutLine.isOpen() && cutLine.kind() != LineKind.COMMENT && cutLine.kind() != LineKind.RETRY) {
            endCutLine(handler);
        }
        if (data.present()) {
            data.handTo(handler, type, id);
        }
        return open;
    }

    /**
     * The line that the last chunk cut, as far as it has come, if the handler will get it as an unknown one; its end may
     * be long in coming.
     * @return well-formed UTF-8, valid until the next call and not to be written to; null where there is no such line,
     *     or not all of it is kept
     */
    public @Nullable ByteBuffer unknownLine() {
        if (!cutLine.isOpen() || cutLine.kind() != LineKind.UNKNOWN || cutLine.tooLong()) {
            return null;
        }
        return Utf8.isWellFormed(cutLine.bytes(), 0, cutLine.length())
                ? ByteBuffer.wrap(cutLine.bytes(), 0, cutLine.length())
                : ByteBuffer.wrap(Utf8.replaceMalformed(cutLine.bytes(), 0, cutLine.length()));
    }

    /** What a client would send as {@code Last-Event-ID} now; empty if the stream set none. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Whether a comment or a known field has begun so far: if none has, the body is perhaps no event stream. */
    public boolean isEventStream() {
        return eventStream;
    }

    private void enter() {
        if (busy) {
            throw new IllegalStateException("The parser is in use or spent");
        }
        busy = true;
    }

    private byte[] block(int length) {
        if (block.length < length) {
            block = new byte[Math.min(MAX_BLOCK, Math.max(length, 2 * block.length))];
        }
        return block;
    }

    private void parse(byte[] bytes, int from, int to, SseHandler handler) {
        int at = bom < BOM.length ? afterBom(bytes, from, to) : from;
        if (lfMayFollow && at < to) {
            lfMayFollow = false;
            at += bytes[at] == '\n' ? 1 : 0;
        }
        if (cutLine.isOpen() && at < to) {
            at = continueCutLine(bytes, at, to, handler);
        }
        while (at < to) {
            int end = scanner.lineEnd(bytes, at, to);
            if (end == to) {
                break;
            }
            if (at == end) {
                dispatch(handler);
            } else {
                wholeLine(bytes, at, end, handler);
            }
            at = afterLineEnd(bytes, end, to);
        }
        data.keep();
        scanner.forgetExample();
        if (at < to) {
            cutLine.begin();
            extendCutLine(bytes, at, to);
        }
    }

    /** Drops a BOM. If it turns out to be none, its bytes are the beginning of the first line. */
    private int afterBom(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bom < BOM.length) {
            if (bytes[at] != BOM[bom]) {
                if (bom > 0) {
                    cutLine.begin();
                    cutLine.extend(BOM, 0, bom, true);
                }
                bom = BOM.length;
                return at;
            }
            at++;
            bom++;
        }
        return at;
    }

    private int afterLineEnd(byte[] bytes, int end, int to) {
        if (bytes[end] == '\n') {
            return end + 1;
        }
        if (end + 1 == to) {
            lfMayFollow = true;
            return to;
        }
        return bytes[end + 1] == '\n' ? end + 2 : end + 1;
    }

    private void extendCutLine(byte[] bytes, int from, int to) {
        cutLine.extend(bytes, from, to, scanner.nonAscii());
        eventStream |= cutLine.kind().isEventStream();
    }

    private int continueCutLine(byte[] bytes, int from, int to, SseHandler handler) {
        int end = scanner.lineEnd(bytes, from, to);
        extendCutLine(bytes, from, end);
        if (end == to) {
            return to;
        }
        endCutLine(handler);
        return afterLineEnd(bytes, end, to);
    }

    private void endCutLine(SseHandler handler) {
        LineKind kind = cutLine.end();
        line(kind, cutLine.bytes(), 0, cutLine.length(), cutLine.nonAscii(), cutLine.tooLong(), handler);
    }

    private void wholeLine(byte[] bytes, int from, int to, SseHandler handler) {
        LineKind kind = LineKind.of(bytes, from, to);
        if (kind == LineKind.UNKNOWN && to - from > maxUnknownLength) {
            line(kind, bytes, from, from + maxUnknownLength, scanner.nonAscii(), true, handler);
        } else {
            line(kind, bytes, from, to, scanner.nonAscii(), false, handler);
        }
    }

    private void line(LineKind kind, byte[] line, int from, int to, boolean nonAscii, boolean cut, SseHandler handler) {
        eventStream |= kind.isEventStream();
        if (kind == LineKind.COMMENT) {
            handler.onComment();
        } else if (kind.isField() && to - from > maxLineLength) {
            throw SseLimitException.line(maxLineLength);
        } else if (kind != LineKind.IGNORED) {
            if (nonAscii && !Utf8.isWellFormed(line, from, to)) {
                byte[] wellFormed = Utf8.replaceMalformed(line, from, to);
                text(kind, wellFormed, 0, wellFormed.length, cut, handler);
            } else {
                text(kind, line, from, to, cut, handler);
            }
        }
    }

    private void text(LineKind kind, byte[] line, int from, int to, boolean cut, SseHandler handler) {
        int value = kind.valueStart(line, from, to);
        switch (kind) {
            case DATA -> data.addLine(line, value, to);
            case EVENT -> type(line, value, to);
            case ID -> id(line, value, to);
            case RETRY -> retry(line, value, to, handler);
            default -> handler.onUnknownLine(line, from, to - from, cut);
        }
    }

    private void type(byte[] value, int from, int to) {
        typed = from < to;
        type = typed ? types.of(value, from, to) : MESSAGE;
    }

    private void id(byte[] value, int from, int to) {
        for (int at = from; at < to; at++) {
            if (value[at] == 0) {
                return;
            }
        }
        if (!RecentStrings.isAscii(id, value, from, to)) {
            id = new String(value, from, to - from, UTF_8);
            identified = true;
        }
    }

    private static void retry(byte[] value, int from, int to, SseHandler handler) {
        long millis = 0;
        for (int at = from; at < to; at++) {
            int digit = value[at] - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            boolean fits = millis <= (Long.MAX_VALUE - digit) / 10;
            millis = fits ? millis * 10 + digit : Long.MAX_VALUE;
        }
        if (from < to) {
            handler.onRetry(millis);
        }
    }

    /** The blank line. An id counts from here on, be there data or not. */
    private void dispatch(SseHandler handler) {
        if (identified) {
            identified = false;
            lastEventId = id;
        }
        if (data.present()) {
            data.handTo(handler, type, id);
            data.clear();
        }
        if (typed) {
            typed = false;
            type = MESSAGE;
        }
    }
}
