package dev.aistream.autoconfigure;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Ranges of properties, checked where they are bound: Bean Validation may be absent. */
final class Check {

    private Check() {}

    static void positive(String property, @Nullable Duration value) {
        if (value != null && (value.isZero() || value.isNegative())) {
            throw new IllegalArgumentException(property + " must be longer than zero, was " + value);
        }
    }

    static void notNegative(String property, @Nullable Duration value) {
        if (value != null && value.isNegative()) {
            throw new IllegalArgumentException(property + " must not be negative, was " + value);
        }
    }

    static void notNegative(String property, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(property + " must not be negative, was " + value);
        }
    }

    static void positive(String property, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(property + " must be at least 1, was " + value);
        }
    }

    /** One byte up to the length of an array. */
    static void positive(String property, @Nullable DataSize value) {
        if (value != null && (value.toBytes() < 1 || value.toBytes() > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    property + " must be between 1B and " + Integer.MAX_VALUE + "B, was " + value);
        }
    }

    static void clocks(
            Duration timeout,
            Duration firstTokenTimeout,
            Duration idleTimeout,
            @Nullable Duration gapTimeout,
            @Nullable Duration totalTimeout) {
        positive("timeout", timeout);
        positive("first-token-timeout", firstTokenTimeout);
        positive("idle-timeout", idleTimeout);
        positive("gap-timeout", gapTimeout);
        positive("total-timeout", totalTimeout);
    }

    static void retries(int maxRetries, Duration retryInterval, Duration maxRetryDelay) {
        notNegative("max-retries", maxRetries);
        positive("retry-interval", retryInterval);
        positive("max-retry-delay", maxRetryDelay);
    }

    static void range(String property, @Nullable Double value, double from, double to) {
        if (value != null && !(value >= from && value <= to)) {
            throw new IllegalArgumentException(property + " must be between " + from + " and " + to + ", was " + value);
        }
    }

    static void http(String property, URI value) {
        boolean http = "http".equalsIgnoreCase(value.getScheme()) || "https".equalsIgnoreCase(value.getScheme());
        if (!http || !StringUtils.hasText(value.getHost())) {
            throw new IllegalArgumentException(property + " must be an http or https URL with a host");
        }
        if (value.getUserInfo() != null) {
            throw new IllegalArgumentException(property + " must not hold credentials; use api-key or headers");
        }
    }
}
