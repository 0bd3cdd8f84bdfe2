package dev.aistream.autoconfigure.relay;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.unit.DataSize;

/**
 * Relay of answers to browsers. Not bound in an application that neither relays nor sets one of them.
 *
 * @param enabled Whether there is an endpoint that browsers can ask. The converters for controllers of your own need
 *     no endpoint.
 * @param path Path of the endpoint.
 * @param heartbeat Longest silence before a comment is sent; zero sends none.
 * @param retry How long an EventSource waits before it reconnects. By default the default provider's retry-interval.
 * @param headWait How long the head of a POST waits for the first event, so that an early failure can become a
 *     status.
 * @param maxDuration Longest answer; then the browser is told a failure.
 * @param writeTimeout How long a browser may take nothing before its connection and the provider's are closed.
 * @param maxPromptLength Most characters that a browser may send as prompt, messages and system together.
 * @param maxRequestSize Largest body of a POST.
 * @param maxStreams Most answers that are relayed at once.
 * @param maxStreamsPerUser Most answers that are relayed at once to one signed-in user.
 * @param allow What a browser may choose beyond prompt or messages.
 */
@Lazy
@ConfigurationProperties("ai.relay")
public record RelayProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/stream") String path,
        @DefaultValue("15s") Duration heartbeat,
        @Nullable Duration retry,
        @DefaultValue("10s") Duration headWait,
        @DefaultValue("10m") Duration maxDuration,
        @DefaultValue("30s") Duration writeTimeout,
        @DefaultValue("100000") int maxPromptLength,
        @DefaultValue("512KB") DataSize maxRequestSize,
        @DefaultValue("5000") int maxStreams,
        @DefaultValue("10") int maxStreamsPerUser,
        @Nullable Allow allow) {

    public RelayProperties {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path must begin with a slash, was " + path);
        }
        notNegative("heartbeat", heartbeat);
        notNegative("retry", retry);
        notNegative("head-wait", headWait);
        positive("max-duration", maxDuration);
        positive("write-timeout", writeTimeout);
        positive("max-prompt-length", maxPromptLength);
        positive("max-streams", maxStreams);
        positive("max-streams-per-user", maxStreamsPerUser);
        if (maxRequestSize.toBytes() < 1 || maxRequestSize.toBytes() >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("max-request-size must be between 1B and 2GB, was " + maxRequestSize);
        }
    }

    private static void notNegative(String property, @Nullable Duration value) {
        if (value != null && value.isNegative()) {
            throw new IllegalArgumentException(property + " must not be negative, was " + value);
        }
    }

    private static void positive(String property, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(property + " must be longer than zero, was " + value);
        }
    }

    private static void positive(String property, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(property + " must be at least 1, was " + value);
        }
    }

    /**
     * What a browser may choose beyond prompt or messages.
     *
     * @param models Models that a browser may name; a star for any.
     * @param system Whether a browser may send a system message.
     * @param options Options that a browser may set, such as temperature or max-tokens; a star for any.
     */
    public record Allow(
            @DefaultValue Set<String> models,
            @DefaultValue("false") boolean system,
            @DefaultValue Set<String> options) {

        static final Allow NOTHING = new Allow(Set.of(), false, Set.of());

        public Allow {
            models = Set.copyOf(models);
            options = Set.copyOf(options);
            options.forEach(RelayOption::requireKnown);
        }
    }
}
