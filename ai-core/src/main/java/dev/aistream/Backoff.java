package dev.aistream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The pause before another attempt. */
final class Backoff {

    private static final int MAX_DOUBLINGS = 30;

    private Backoff() {}

    /**
     * How long to wait.
     * @param policy the provider's
     * @param interval the request's own {@code retryInterval}; null for the policy's
     * @param retry which retry it is, from 0
     * @param advised what the provider asks for, taken as it is; null to double the interval with each retry
     * @param random from 0 to 1: half the doubled interval more or less
     * @return the pause; null where the provider asks for more than the policy allows
     */
    static @Nullable Duration delay(
            CallPolicy policy, @Nullable Duration interval, int retry, @Nullable Duration advised, double random) {
        Duration longest = policy.maxRetryDelay();
        if (advised != null) {
            if (advised.compareTo(longest) > 0) {
                return null;
            }
            return advised.isNegative() ? Duration.ZERO : advised;
        }
        double base = (interval != null ? interval : policy.retryInterval()).toMillis();
        double doubled = base * (1L << Math.min(retry, MAX_DOUBLINGS)) * (0.5 + random);
        return doubled < longest.toMillis() ? Duration.ofMillis((long) doubled) : longest;
    }
}
