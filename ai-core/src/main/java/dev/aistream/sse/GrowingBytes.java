package dev.aistream.sse;

import java.util.Arrays;

/** Bytes appended piece by piece, in an array that starts small, doubles, and is used again. */
final class GrowingBytes {

    private static final int FIRST_CAPACITY = 128;

    /** A larger array is kept only as long as it is needed, not for the life of a stream that had one long line. */
    private static final int MAX_IDLE_CAPACITY = 16 * 1024;

    private static final byte[] EMPTY = {};

    private final int limit;
    private byte[] bytes = EMPTY;
    private int length;

    /**
     * Makes an empty one.
     * @param limit never exceeded, as callers see to; keeps the array from doubling beyond it
     */
    GrowingBytes(int limit) {
        this.limit = limit;
    }

    void append(byte[] source, int from, int to) {
        int added = to - from;
        ensureCapacity(length + added);
        System.arraycopy(source, from, bytes, length, added);
        length += added;
    }

    void append(byte b) {
        ensureCapacity(length + 1);
        bytes[length++] = b;
    }

    void clear() {
        if (bytes.length > MAX_IDLE_CAPACITY && length < bytes.length / 4) {
            bytes = EMPTY;
        }
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void ensureCapacity(int needed) {
        if (needed > bytes.length) {
            long doubled = Math.max(FIRST_CAPACITY, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(doubled, limit)));
        }
    }
}
