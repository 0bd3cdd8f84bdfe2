package dev.aistream.provider.simulated;

import dev.aistream.chat.TestMode;
import java.time.Duration;

/**
 * What the simulated provider does.
 *
 * @param mode what it plays for a request that names no mode
 * @param tokenInterval pause between two fragments; zero for none
 */
public record SimulatedOptions(TestMode mode, Duration tokenInterval) {

    public static final Duration DEFAULT_TOKEN_INTERVAL = Duration.ofMillis(30);

    public static final SimulatedOptions DEFAULT = new SimulatedOptions(TestMode.BASIC, DEFAULT_TOKEN_INTERVAL);

    public SimulatedOptions {
        if (tokenInterval.isNegative()) {
            throw new IllegalArgumentException("tokenInterval must not be negative, was " + tokenInterval);
        }
    }

    public SimulatedOptions withMode(TestMode mode) {
        return new SimulatedOptions(mode, tokenInterval);
    }

    public SimulatedOptions withTokenInterval(Duration tokenInterval) {
        return new SimulatedOptions(mode, tokenInterval);
    }
}
