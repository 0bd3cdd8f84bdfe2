package dev.aistream.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Well-formedness of UTF-8, and U+FFFD for each maximal prefix of a sequence that is not.
 *
 * @see <a href="https://encoding.spec.whatwg.org/#utf-8-decoder">UTF-8 decoder</a>
 */
public final class Utf8 {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long HIGH_BITS = 0x8080808080808080L;

    /** Two three-byte sequences in a row, as in most East Asian text: the bits that mark lead and continuation. */
    private static final long THREE_BYTE_PAIR_MASK = 0xC0C0F0C0C0F0L;

    private static final long THREE_BYTE_PAIR = 0x8080E08080E0L;

    /** By the low half of a three-byte lead: E0 (overlong forms) and ED (surrogates) need a look at the next byte. */
    private static final int SPECIAL_LEADS = 1 | 1 << 0xD;

    private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

    private Utf8() {}

    /** Whether the bytes are UTF-8 as they stand. */
    public static boolean isWellFormed(byte[] bytes, int from, int to) {
        int at = from;
        int lastWord = to - Long.BYTES;
        while (at <= lastWord) {
            long word = (long) WORDS.get(bytes, at);
            long high = word & HIGH_BITS;
            if (high == 0) {
                at += Long.BYTES;
            } else if (isThreeBytePair(word)) {
                at += 6;
            } else if ((high & 0x80) == 0) {
                at += Long.numberOfTrailingZeros(high) >> 3;
            } else {
                int length = sequence(bytes, at, to);
                if (length < 0) {
                    return false;
                }
                at += length;
            }
        }
        while (at < to) {
            int length = sequence(bytes, at, to);
            if (length < 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** The bytes with U+FFFD in place of each malformed sequence, as the Encoding standard says. */
    public static byte[] replaceMalformed(byte[] bytes, int from, int to) {
        byte[] replaced = new byte[replacedLength(bytes, from, to)];
        int length = 0;
        int at = from;
        while (at < to) {
            int sequence = sequence(bytes, at, to);
            if (sequence > 0) {
                System.arraycopy(bytes, at, replaced, length, sequence);
                length += sequence;
            } else {
                System.arraycopy(REPLACEMENT, 0, replaced, length, REPLACEMENT.length);
                length += REPLACEMENT.length;
            }
            at += Math.abs(sequence);
        }
        return replaced;
    }

    private static int replacedLength(byte[] bytes, int from, int to) {
        int length = 0;
        int at = from;
        while (at < to) {
            int sequence = sequence(bytes, at, to);
            length += sequence > 0 ? sequence : REPLACEMENT.length;
            at += Math.abs(sequence);
        }
        return length;
    }

    private static boolean isThreeBytePair(long word) {
        return (word & THREE_BYTE_PAIR_MASK) == THREE_BYTE_PAIR
                && ((1 << (word & 0xF) | 1 << (word >> 24 & 0xF)) & SPECIAL_LEADS) == 0;
    }

    /** The length of the sequence that begins here, or minus the number of bytes that one U+FFFD stands for. */
    private static int sequence(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xC2 || lead > 0xF4) {
            return -1;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (at + 1 == to || !isSecond(lead, bytes[at + 1] & 0xFF)) {
            return -1;
        }
        for (int i = 2; i < length; i++) {
            if (at + i == to || (bytes[at + i] & 0xC0) != 0x80) {
                return -i;
            }
        }
        return length;
    }

    /** Rules out overlong forms, surrogates and what lies beyond U+10FFFF. */
    private static boolean isSecond(int lead, int second) {
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
