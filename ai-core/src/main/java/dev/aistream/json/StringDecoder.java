package dev.aistream.json;

import java.util.Arrays;

/** Characters of a JSON string whose escapes have been checked, in a buffer that is used again. */
final class StringDecoder {

    /** A larger buffer, left behind by one long string, is not kept for the life of a stream. */
    private static final int MAX_KEPT_CHARS = 8192;

    private char[] chars = {};

    /** Decodes the bytes between the quotes, UTF-8 with escapes; returns the number of chars. */
    private int decode(byte[] bytes, int from, int to) {
        // No byte gives more than one char.
        char[] out = buffer(to - from);
        int length = 0;
        int i = from;
        while (i < to) {
            int b = bytes[i];
            if (b >= 0 && b != '\\') {
                out[length++] = (char) b;
                i++;
            } else if (b == '\\') {
                int kind = bytes[i + 1];
                out[length++] = kind == 'u' ? unicodeEscape(bytes, i + 2) : shortEscape(kind);
                i += kind == 'u' ? 6 : 2;
            } else if (b < (byte) 0xE0 && i + 1 < to) {
                out[length++] = (char) ((b & 0x1F) << 6 | (bytes[i + 1] & 0x3F));
                i += 2;
            } else if (b < (byte) 0xF0 && i + 2 < to) {
                out[length++] = (char) ((b & 0x0F) << 12 | (bytes[i + 1] & 0x3F) << 6 | (bytes[i + 2] & 0x3F));
                i += 3;
            } else if (i + 3 < to) {
                int codePoint = (b & 0x07) << 18
                        | (bytes[i + 1] & 0x3F) << 12
                        | (bytes[i + 2] & 0x3F) << 6
                        | (bytes[i + 3] & 0x3F);
                out[length++] = Character.highSurrogate(codePoint);
                out[length++] = Character.lowSurrogate(codePoint);
                i += 4;
            } else {
                // Not well-formed, against the contract: stay inside the string.
                out[length++] = '\uFFFD';
                i++;
            }
        }
        return length;
    }

    String string(byte[] bytes, int from, int to) {
        int length = decode(bytes, from, to);
        String string = new String(chars, 0, length);
        releaseIfLarge();
        return string;
    }

    int appendTo(StringBuilder out, byte[] bytes, int from, int to) {
        int length = decode(bytes, from, to);
        out.append(chars, 0, length);
        releaseIfLarge();
        return length;
    }

    private char[] buffer(int capacity) {
        if (chars.length < capacity) {
            chars = Arrays.copyOf(chars, Math.max(capacity, 64));
        }
        return chars;
    }

    private void releaseIfLarge() {
        if (chars.length > MAX_KEPT_CHARS) {
            chars = new char[0];
        }
    }

    private static char shortEscape(int kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) kind;
        };
    }

    private static char unicodeEscape(byte[] bytes, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            value = value << 4 | Character.digit(bytes[i], 16);
        }
        return (char) value;
    }
}
