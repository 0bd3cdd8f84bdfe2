package dev.aistream.provider;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes out of a message what it repeats of other texts, be it a part of one, cut anywhere, with other white space or
 * escaped as JSON: only letters and digits are compared.
 *
 * <p>A piece counts from {@value #LEAST} bytes of UTF-8 on, sixteen Latin letters or six Chinese ones. Shorter ones are what
 * any two texts have in common. Time is linear in all texts, memory in the message.
 */
final class Quotations {

    private static final int LEAST = 16;
    private static final int BITS_PER_BYTE = 6;
    private static final int UNICODE_ESCAPE = 6;

    /** A rolling hash: what a unit adds, and what the oldest of a window has grown to when it leaves. */
    private static final long BASE = 0x9E3779B97F4A7C15L;

    private static final long OLDEST = power(BASE, LEAST);

    /** Takes each run of {@value #LEAST} units. */
    @FunctionalInterface
    private interface Windows {
        /** From the start of its first character to the end of its last. */
        void window(long hash, int from, int to);
    }

    private Quotations() {}

    /** Whether a text is long enough to be found. */
    static boolean canBeFound(String text) {
        AtomicBoolean found = new AtomicBoolean();
        each(text, (hash, from, to) -> found.set(true));
        return found.get();
    }

    /** The message with {@code instead} in place of each piece that is in one of the texts. */
    static String replace(String message, List<String> texts, String instead) {
        Set<Long> ofMessage = new HashSet<>();
        each(message, (hash, from, to) -> ofMessage.add(hash));
        if (ofMessage.isEmpty()) {
            return message;
        }
        Set<Long> common = new HashSet<>();
        for (String text : texts) {
            each(text, (hash, from, to) -> {
                if (ofMessage.contains(hash)) {
                    common.add(hash);
                }
            });
        }
        BitSet repeated = new BitSet();
        each(message, (hash, from, to) -> {
            if (common.contains(hash)) {
                repeated.set(from, to);
            }
        });
        return replace(message, repeated, instead);
    }

    private static String replace(String message, BitSet positions, String instead) {
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        for (int from = positions.nextSetBit(0); from >= 0; from = positions.nextSetBit(at)) {
            replaced.append(message, at, from).append(instead);
            at = positions.nextClearBit(from);
        }
        return replaced.append(message, at, message.length()).toString();
    }

    private static void each(String text, Windows windows) {
        byte[] units = new byte[LEAST];
        int[] starts = new int[LEAST];
        long hash = 0;
        int count = 0;
        int next;
        for (int at = 0; at < text.length(); at = next) {
            int c = text.codePointAt(at);
            next = at + Character.charCount(c);
            if (c == '\\') {
                c = unescaped(text, at);
                next = c < 0 ? at + 2 : at + UNICODE_ESCAPE;
            }
            if (!Character.isLetterOrDigit(c)) {
                continue;
            }
            int length = c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            for (int i = 0; i < length; i++) {
                int slot = count % LEAST;
                byte unit = (byte) (c >> i * BITS_PER_BYTE);
                hash = hash * BASE + unit - units[slot] * OLDEST;
                units[slot] = unit;
                starts[slot] = at;
                count++;
                if (count >= LEAST) {
                    windows.window(hash, starts[count % LEAST], next);
                }
            }
        }
    }

    /** The character that an escape gives by its number; negative for any other escape, which counts as white space. */
    private static int unescaped(String text, int at) {
        if (at + UNICODE_ESCAPE > text.length() || text.charAt(at + 1) != 'u') {
            return -1;
        }
        int c = 0;
        for (int i = at + 2; i < at + UNICODE_ESCAPE; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            c = c * 16 + digit;
        }
        return c;
    }

    private static long power(long base, int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= base;
        }
        return power;
    }
}
