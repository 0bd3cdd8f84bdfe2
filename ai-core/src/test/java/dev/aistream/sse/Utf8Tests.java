package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every kind of byte after every other, against the Encoding Standard's own steps. */
class Utf8Tests {

    /** The edges of every range that the standard's decoder tells apart. */
    private static final int[] EDGES = {
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };

    @Test
    void judgesAndReplacesEverySequenceOfThreeBytes() {
        for (int first : EDGES) {
            for (int second : EDGES) {
                for (int third : EDGES) {
                    assertAsTheStandardSays(first, second, third);
                }
            }
        }
    }

    @Test
    void judgesAndReplacesSequencesOfFourBytes() {
        for (int first : new int[] {0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5}) {
            for (int second : EDGES) {
                for (int third : new int[] {0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xE6}) {
                    for (int fourth : new int[] {0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xF0}) {
                        assertAsTheStandardSays(first, second, third, fourth);
                    }
                }
            }
        }
    }

    /** The sequence alone, then between others so that it meets the readers of eight bytes at different places. */
    private static void assertAsTheStandardSays(int... sequence) {
        for (String before : new String[] {"", "a", "漢", "ascii漢", "é漢字"}) {
            for (String after : new String[] {"", "漢字漢", "more ascii"}) {
                assertAsTheStandardSays(joined(before.getBytes(UTF_8), sequence, after.getBytes(UTF_8)));
            }
        }
    }

    private static void assertAsTheStandardSays(byte[] bytes) {
        byte[] expected = ReferenceSseParser.decode(bytes).getBytes(UTF_8);
        boolean wellFormed = Utf8.isWellFormed(bytes, 0, bytes.length);
        // What lies around the slice must not count.
        byte[] around = new byte[bytes.length + 8];
        Arrays.fill(around, (byte) 0x80);
        System.arraycopy(bytes, 0, around, 4, bytes.length);

        // A comparison first: building an assertion for each of some 100,000 would take most of the time.
        if (wellFormed != Arrays.equals(expected, bytes)
                || wellFormed != Utf8.isWellFormed(around, 4, 4 + bytes.length)
                || !Arrays.equals(Utf8.replaceMalformed(bytes, 0, bytes.length), expected)
                || !Arrays.equals(Utf8.replaceMalformed(around, 4, 4 + bytes.length), expected)) {
            assertThat(Utf8.replaceMalformed(bytes, 0, bytes.length))
                    .as("%s", Arrays.toString(bytes))
                    .isEqualTo(expected);
            assertThat(wellFormed).as("%s", Arrays.toString(bytes)).isEqualTo(Arrays.equals(expected, bytes));
            throw new AssertionError("Looked beyond the slice: " + Arrays.toString(bytes));
        }
    }

    private static byte[] joined(byte[] before, int[] sequence, byte[] after) {
        byte[] joined = Arrays.copyOf(before, before.length + sequence.length + after.length);
        for (int i = 0; i < sequence.length; i++) {
            joined[before.length + i] = (byte) sequence[i];
        }
        System.arraycopy(after, 0, joined, before.length + sequence.length, after.length);
        return joined;
    }
}
