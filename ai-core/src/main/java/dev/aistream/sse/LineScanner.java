package dev.aistream.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds line ends eight bytes at a time, and tells on the way whether the line needs a UTF-8 check. All that most bytes
 * of a stream ever cost is this loop, or less: what a line has in common with the beginning of the one before holds no
 * line end, and to compare costs less than to search.
 */
final class LineScanner {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;

    /** Shorter lines are no examples: blank ones stand between those that are alike. */
    private static final int MIN_EXAMPLE = 64;

    private boolean nonAscii;
    private boolean hasExample;
    private byte[] example = {};
    private int exampleFrom;
    private int exampleTo;
    private boolean exampleNonAscii;

    /** Where the next CR or LF is, {@code to} if there is none. */
    int lineEnd(byte[] bytes, int from, int to) {
        nonAscii = false;
        int end = search(bytes, afterExample(bytes, from, to), to);
        if (end - from >= MIN_EXAMPLE) {
            // To store a reference into what may be old costs G1 more than to compare it.
            if (example != bytes) {
                example = bytes;
            }
            hasExample = true;
            exampleFrom = from;
            exampleTo = end;
            exampleNonAscii = nonAscii;
        }
        return end;
    }

    /** The bytes are about to change. */
    void forgetExample() {
        hasExample = false;
    }

    /** Where the line differs from the example, if it does. */
    private int afterExample(byte[] bytes, int from, int to) {
        if (!hasExample || example != bytes || bytes[from] == '\n') {
            return from;
        }
        int length = Math.min(exampleTo - exampleFrom, to - from);
        int same = Arrays.mismatch(bytes, exampleFrom, exampleFrom + length, bytes, from, from + length);
        nonAscii = exampleNonAscii && same != 0;
        return from + (same < 0 ? length : same);
    }

    private int search(byte[] bytes, int from, int to) {
        long seen = nonAscii ? HIGH_BITS : 0;
        int at = from;
        for (int lastWord = to - Long.BYTES; at <= lastWord; at += Long.BYTES) {
            long word = (long) WORDS.get(bytes, at);
            if (hasControl(word)) {
                long ends = lineEnds(word);
                if (ends != 0) {
                    long before = Long.lowestOneBit(ends) - 1;
                    nonAscii = ((seen | (word & before)) & HIGH_BITS) != 0;
                    return at + (Long.numberOfTrailingZeros(ends) >> 3);
                }
            }
            seen |= word;
        }
        while (at < to && bytes[at] != '\n' && bytes[at] != '\r') {
            seen |= bytes[at++];
        }
        nonAscii = (seen & HIGH_BITS) != 0;
        return at;
    }

    /**
     * Whether a byte beyond ASCII lies between {@code from} and what {@link #lineEnd} last returned; perhaps also where
     * there was one in the line before.
     */
    boolean nonAscii() {
        return nonAscii;
    }

    /** Whether a byte is below 0x0E, as CR and LF are and hardly any other byte of a text is. */
    private static boolean hasControl(long word) {
        return ((word - ONES * 0x0E) & ~word & HIGH_BITS) != 0;
    }

    /** The lowest bit set belongs to the first CR or LF. */
    private static long lineEnds(long word) {
        long lf = word ^ ONES * '\n';
        long cr = word ^ ONES * '\r';
        return (((lf - ONES) & ~lf) | ((cr - ONES) & ~cr)) & HIGH_BITS;
    }
}
