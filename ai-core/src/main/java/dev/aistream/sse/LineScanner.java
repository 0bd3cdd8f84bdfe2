package dev.aistream.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds line ends eight bytes at a time, and tells on the way whether the line needs a UTF-8 check. All that most bytes
 * of a stream ever cost is this loop.
 */
final class LineScanner {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;

    private boolean nonAscii;

    /** Where the next CR or LF is, {@code to} if there is none. */
    int lineEnd(byte[] bytes, int from, int to) {
        long seen = 0;
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

    /** Whether a byte beyond ASCII lies between {@code from} and what {@link #lineEnd} last returned. */
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
