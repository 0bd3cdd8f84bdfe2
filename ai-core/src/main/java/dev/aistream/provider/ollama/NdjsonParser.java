package dev.aistream.provider.ollama;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.sse.Utf8;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Splits a body of newline-delimited JSON into its lines. Chunks may be cut anywhere; blank lines are nothing.
 *
 * <p>A line is handed out where it lies, in the chunk's own array if it has one; only a line cut by the end of a chunk
 * is copied. Time is linear in the bytes. Not thread-safe: one instance per response.
 */
final class NdjsonParser {

    /** Takes lines, as well-formed UTF-8. */
    interface LineHandler {
        /** One line, without its end. */
        void onLine(byte[] bytes, int offset, int length);

        /** A line as far as it has come, or as far as it may go; it may be told of again. */
        void onOpenLine(byte[] bytes, int offset, int length);
    }

    /** An error is short; a longer line is not looked at again with each read. */
    private static final int MAX_OPEN_LENGTH = 16 * 1024;

    private final int maxLineLength;
    private byte[] cut = {};
    private int cutLength;

    /**
     * A parser for one response.
     * @param maxLineLength in bytes, line end not included
     */
    NdjsonParser(int maxLineLength) {
        this.maxLineLength = maxLineLength;
    }

    /**
     * Accepts the next bytes and hands over the lines that they complete.
     * @throws ChatException of kind {@code TOO_LONG} if a line exceeds the limit
     */
    void feed(ByteBuffer chunk, LineHandler handler) {
        byte[] bytes;
        int at;
        int to;
        if (chunk.hasArray()) {
            bytes = chunk.array();
            at = chunk.arrayOffset() + chunk.position();
            to = chunk.arrayOffset() + chunk.limit();
            chunk.position(chunk.limit());
        } else {
            bytes = new byte[chunk.remaining()];
            at = 0;
            to = bytes.length;
            chunk.get(bytes);
        }
        while (at < to) {
            int end = lineEnd(bytes, at, to);
            if (end == to) {
                keep(bytes, at, to, handler);
                if (cutLength <= MAX_OPEN_LENGTH) {
                    handOver(cut, 0, cutLength, true, handler);
                }
                return;
            }
            if (cutLength > 0) {
                keep(bytes, at, end, handler);
                int length = cutLength;
                cutLength = 0;
                line(cut, 0, length, handler);
            } else {
                line(bytes, at, end, handler);
            }
            at = end + 1;
        }
    }

    /** The body has ended: hands over a last line without an end. */
    void end(LineHandler handler) {
        int length = cutLength;
        cutLength = 0;
        line(cut, 0, length, handler);
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private void keep(byte[] bytes, int from, int to, LineHandler handler) {
        int length = Math.min(cutLength + to - from, maxLineLength);
        int added = length - cutLength;
        if (cut.length < length) {
            cut = Arrays.copyOf(cut, Math.max(length, Math.min(2 * cut.length, maxLineLength)));
        }
        System.arraycopy(bytes, from, cut, cutLength, added);
        cutLength = length;
        if (added < to - from) {
            throw tooLong(cut, 0, handler);
        }
    }

    private void line(byte[] bytes, int from, int to, LineHandler handler) {
        if (to - from > maxLineLength) {
            throw tooLong(bytes, from, handler);
        }
        handOver(bytes, from, to, false, handler);
    }

    /** The failure of a line, unless its beginning tells of another. */
    private ChatException tooLong(byte[] bytes, int from, LineHandler handler) {
        handOver(bytes, from, from + maxLineLength, true, handler);
        return ChatException.builder(
                        Kind.TOO_LONG,
                        "A line of the stream is longer than max-line-length, " + maxLineLength + " bytes")
                .build();
    }

    private static void handOver(byte[] bytes, int from, int to, boolean open, LineHandler handler) {
        int start = from;
        int end = to;
        while (start < end && bytes[start] >= 0 && bytes[start] <= ' ') {
            start++;
        }
        while (end > start && bytes[end - 1] >= 0 && bytes[end - 1] <= ' ') {
            end--;
        }
        if (start == end) {
            return;
        }
        boolean wellFormed = Utf8.isWellFormed(bytes, start, end);
        byte[] line = wellFormed ? bytes : Utf8.replaceMalformed(bytes, start, end);
        int offset = wellFormed ? start : 0;
        int length = wellFormed ? end - start : line.length;
        if (open) {
            handler.onOpenLine(line, offset, length);
        } else {
            handler.onLine(line, offset, length);
        }
    }
}
