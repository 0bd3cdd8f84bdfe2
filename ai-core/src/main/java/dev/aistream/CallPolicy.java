package dev.aistream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long {@link AiStreamingTemplate} tries one provider.
 *
 * @param maxRetries attempts after the first one; zero for none
 * @param retryInterval base of the pause before another attempt: it doubles with each, give or take half of it
 * @param maxRetryDelay longest pause, the one that a provider asks for included; where it asks for more, the call
 *     fails at once, or goes on with the next fallback
 * @param totalTimeout the whole call, all attempts and pauses together, not counted while the reader asks for
 *     nothing; null for none
 */
public record CallPolicy(
        int maxRetries,
        Duration retryInterval,
        Duration maxRetryDelay,
        @Nullable Duration totalTimeout) {

    /** Two retries after about 3 and 6 seconds, none that would wait for more than a minute, no total timeout. */
    public static final CallPolicy DEFAULT = new CallPolicy(2, Duration.ofSeconds(3), Duration.ofSeconds(60), null);

    public CallPolicy {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must not be negative, was " + maxRetries);
        }
        requirePositive("retryInterval", retryInterval);
        requirePositive("maxRetryDelay", maxRetryDelay);
        requirePositive("totalTimeout", totalTimeout);
    }

    public CallPolicy withMaxRetries(int maxRetries) {
        return new CallPolicy(maxRetries, retryInterval, maxRetryDelay, totalTimeout);
    }

    public CallPolicy withRetryInterval(Duration retryInterval) {
        return new CallPolicy(maxRetries, retryInterval, maxRetryDelay, totalTimeout);
    }

    public CallPolicy withMaxRetryDelay(Duration maxRetryDelay) {
        return new CallPolicy(maxRetries, retryInterval, maxRetryDelay, totalTimeout);
    }

    public CallPolicy withTotalTimeout(@Nullable Duration totalTimeout) {
        return new CallPolicy(maxRetries, retryInterval, maxRetryDelay, totalTimeout);
    }

    private static void requirePositive(String name, @Nullable Duration duration) {
        if (duration != null && (duration.isNegative() || duration.isZero())) {
            throw new IllegalArgumentException(name + " must be positive, was " + duration);
        }
    }
}
