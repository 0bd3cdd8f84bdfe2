package dev.aistream.benchmarks.macro;

import java.util.function.LongConsumer;

/** Finds the times in the bytes of one stream, whatever stands around them: nothing else there is as long a number. */
final class Stamps {

    private final LongConsumer found;
    private long number;
    private int digits;

    Stamps(LongConsumer found) {
        this.found = found;
    }

    void next(byte b) {
        if (b < '0' || b > '9') {
            digits = 0;
            number = 0;
            return;
        }
        number = number * 10 + (b - '0');
        if (++digits == WireChunk.STAMP_DIGITS) {
            found.accept(number);
        }
    }
}
