package dev.aistream.autoconfigure;

import dev.aistream.chat.TestMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The provider that needs neither key nor network.
 *
 * @param enabled Whether the provider is there. By default it is if ai.provider names it.
 * @param mode What it plays when a request's testMode says nothing.
 * @param tokenInterval Pause between two fragments of its answer; zero for none.
 */
@ConfigurationProperties("ai.simulated")
public record SimulatedProperties(
        @Nullable Boolean enabled,
        @DefaultValue("basic") TestMode mode,
        @DefaultValue("30ms") Duration tokenInterval) {

    public SimulatedProperties {
        Check.notNegative("token-interval", tokenInterval);
    }
}
