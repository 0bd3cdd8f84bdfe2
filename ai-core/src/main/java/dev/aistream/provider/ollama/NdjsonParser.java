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

    /** Takes one line, without its end, as well-formed UTF-8. */
    @FunctionalInterface
    interface LineHandler {
        void onLine(byte[] bytes, int offset, int length);
    }

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
                keep(bytes, at, to);
                return;
            }
            if (cutLength > 0) {
                keep(bytes, at, end);
                int length = cutLength;
                cutLength = 0;
                line(cut, 0, length, handler);
            } else {
                line(bytes, at, end, handler);
            }
            at = end + 1;
        }
    }

    /** Hands over the line that is still open, as far as it has come, if it looks whole; it goes on all the same. */
    void open(LineHandler handler) {
        if (cutLength > 0 && cut[cutLength - 1] == '}') {
            line(cut, 0, cutLength, handler);
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

    private void keep(byte[] bytes, int from, int to) {
        int length = cutLength + to - from;
        check(length);
        if (cut.length < length) {
            cut = Arrays.copyOf(cut, Math.max(length, Math.min(2 * cut.length, maxLineLength)));
        }
        System.arraycopy(bytes, from, cut, cutLength, to - from);
        cutLength = length;
    }

    private void line(byte[] bytes, int from, int to, LineHandler handler) {
        check(to - from);
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
        if (Utf8.isWellFormed(bytes, start, end)) {
            handler.onLine(bytes, start, end - start);
        } else {
            byte[] wellFormed = Utf8.replaceMalformed(bytes, start, end);
            handler.onLine(wellFormed, 0, wellFormed.length);
        }
    }

    private void check(int length) {
        if (length > maxLineLength) {
            throw ChatException.builder(
                            Kind.TOO_LONG,
                            "A line of the stream is longer than max-line-length, " + maxLineLength + " bytes")
                    .build();
        }
    }
}
