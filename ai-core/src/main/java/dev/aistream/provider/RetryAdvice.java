package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When, and whether, a provider wants to be asked again. */
final class RetryAdvice {

    private RetryAdvice() {}

    /** From {@code retry-after-ms}, or {@code retry-after} in seconds or as a date; null where neither makes sense. */
    static @Nullable Duration delay(ResponseHead head) {
        Duration millis = ofUnits(head.header("retry-after-ms"), 1e6);
        if (millis != null) {
            return millis;
        }
        String after = head.header("retry-after");
        Duration seconds = ofUnits(after, 1e9);
        return seconds != null ? seconds : ofDate(after);
    }

    private static @Nullable Duration ofUnits(@Nullable String text, double nanosPerUnit) {
        if (text == null) {
            return null;
        }
        try {
            double nanos = Double.parseDouble(text.strip()) * nanosPerUnit;
            return nanos >= 0 && nanos < Long.MAX_VALUE ? Duration.ofNanos((long) nanos) : null;
        } catch (NumberFormatException noNumber) {
            return null;
        }
    }

    private static @Nullable Duration ofDate(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant date = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), date);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException noDate) {
            return null;
        }
    }

    /** Gemini's {@code RetryInfo} among the details of an error. */
    static @Nullable Duration ofDetails(@Nullable Object details) {
        if (details instanceof List<?> list) {
            for (Object detail : list) {
                if (detail instanceof Map<?, ?> object
                        && object.get("retryDelay") instanceof String delay
                        && delay.endsWith("s")) {
                    return ofUnits(delay.substring(0, delay.length() - 1), 1e9);
                }
            }
        }
        return null;
    }

    /** {@code x-should-retry}; null where the provider leaves it open. */
    static @Nullable Boolean shouldRetry(ResponseHead head) {
        String advice = head.header("x-should-retry");
        if ("true".equalsIgnoreCase(advice)) {
            return true;
        }
        return "false".equalsIgnoreCase(advice) ? false : null;
    }
}
