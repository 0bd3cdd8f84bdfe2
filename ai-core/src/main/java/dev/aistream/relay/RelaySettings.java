package dev.aistream.relay;

import java.time.Duration;

/** What {@link StreamRelay.Builder} collects. */
record RelaySettings(
        Duration heartbeat, Duration retry, Duration headWait, Duration maxDuration, Duration writeTimeout) {

    RelaySettings {
        requireNotNegative("heartbeat", heartbeat);
        requireNotNegative("retry", retry);
        requireNotNegative("headWait", headWait);
        requirePositive("maxDuration", maxDuration);
        requirePositive("writeTimeout", writeTimeout);
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, was " + duration);
        }
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, was " + duration);
        }
    }
}
