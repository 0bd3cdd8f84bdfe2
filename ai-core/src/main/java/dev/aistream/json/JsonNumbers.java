package dev.aistream.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Values of number tokens whose syntax has been checked. */
final class JsonNumbers {

    /** Digits that always fit a long. */
    private static final int SAFE_LONG_DIGITS = 18;

    /** Up to here a long is exact as a double, and so is a quotient of two such by the rules of IEEE 754. */
    private static final long MAX_EXACT_DOUBLE = 1L << 53;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };

    private JsonNumbers() {}

    /** The value of an integer without exponent; the nearest long if it fits none. */
    static long integer(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (to - first <= SAFE_LONG_DIGITS) {
            long value = digits(bytes, first, to);
            return negative ? -value : value;
        }
        if (to - first == SAFE_LONG_DIGITS + 1) {
            try {
                return Long.parseLong(text(bytes, from, to));
            } catch (NumberFormatException tooLarge) {
                // Nineteen digits may or may not fit.
            }
        }
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** The integer part of a number with fraction or exponent; the nearest long if it fits none. */
    static long truncated(byte[] bytes, int from, int to) {
        int point = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '.') {
                point = i;
            } else if ((bytes[i] | 0x20) == 'e') {
                return (long) floating(bytes, from, to);
            }
        }
        return integer(bytes, from, point);
    }

    static double floating(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        long digits = 0;
        int count = 0;
        int afterPoint = -1;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            byte b = bytes[i];
            if (b == '.') {
                afterPoint = 0;
            } else if ((b | 0x20) == 'e' || ++count > SAFE_LONG_DIGITS) {
                return Double.parseDouble(text(bytes, from, to));
            } else {
                digits = digits * 10 + (b - '0');
                afterPoint += afterPoint < 0 ? 0 : 1;
            }
        }
        if (digits > MAX_EXACT_DOUBLE) {
            return Double.parseDouble(text(bytes, from, to));
        }
        double value = afterPoint <= 0 ? digits : digits / POWERS_OF_TEN[afterPoint];
        return negative ? -value : value;
    }

    /** Long or BigInteger. */
    static Number exactInteger(byte[] bytes, int from, int to) {
        if (to - from <= SAFE_LONG_DIGITS) {
            return integer(bytes, from, to);
        }
        BigInteger value = new BigInteger(text(bytes, from, to));
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    /**
     * A Double if it is the very number written, else a BigDecimal.
     * @throws NumberFormatException if the exponent fits no int
     */
    static Number exactDecimal(byte[] bytes, int from, int to) {
        String text = text(bytes, from, to);
        double value = Double.parseDouble(text);
        BigDecimal exact = new BigDecimal(text);
        if (Double.isInfinite(value) || exact.compareTo(BigDecimal.valueOf(value)) != 0) {
            return exact;
        }
        return value;
    }

    private static long digits(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
