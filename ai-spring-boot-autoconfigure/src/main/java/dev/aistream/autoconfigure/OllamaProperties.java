package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ollama.OllamaOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Ollama, on this machine, another or ollama.com. Key and header values never appear in {@code toString}.
 *
 * @param enabled Whether the provider is there. By default it is if it has a model, a base URL or a key, or if
 *     ai.provider names it.
 * @param apiKey Key for ollama.com; a server of one's own needs none.
 * @param baseUrl Base of the endpoint's URL.
 * @param model Model that answers when a request names none; by default each request has to.
 * @param headers Headers to add to each request.
 * @param timeout Longest wait for the response head, which comes when the model is loaded.
 * @param firstTokenTimeout Longest wait from the response head to the first output.
 * @param idleTimeout Longest silence on the network.
 * @param gapTimeout Longest wait between two outputs; by default there is no limit.
 * @param totalTimeout Longest duration of a whole call, all attempts included; by default there is no limit.
 * @param maxRetries Attempts after the first, made only while nothing was emitted.
 * @param retryInterval Pause before the second attempt; it doubles with each, give or take half of it.
 * @param maxRetryDelay Longest pause between attempts; a provider that asks for more makes the call fail.
 * @param maxLineLength Longest line of a response, in bytes where no unit is given; a longer one fails the call.
 * @param options Options of every request that leaves them open.
 */
@ConfigurationProperties(OllamaProperties.PREFIX)
public record OllamaProperties(
        @Nullable Boolean enabled,
        @Nullable String apiKey,
        @DefaultValue("http://localhost:11434") URI baseUrl,
        @Nullable String model,
        @DefaultValue Map<String, String> headers,
        @DefaultValue("10m") Duration timeout,
        @DefaultValue("5m") Duration firstTokenTimeout,
        @DefaultValue("2m") Duration idleTimeout,
        @Nullable Duration gapTimeout,
        @Nullable Duration totalTimeout,
        @DefaultValue("2") Integer maxRetries,
        @DefaultValue("3s") Duration retryInterval,
        @DefaultValue("60s") Duration maxRetryDelay,
        @DefaultValue("16MB") DataSize maxLineLength,
        @NestedConfigurationProperty @Nullable ChatOptionsProperties options)
        implements ProviderProperties, CallPolicies {

    static final String PREFIX = "ai.ollama";
    static final String NAME = OllamaOptions.DEFAULT_PROVIDER;

    public OllamaProperties {
        apiKey = ProviderProperties.textOrNull(apiKey);
        model = ProviderProperties.textOrNull(model);
        headers = Map.copyOf(headers);
        Check.http("base-url", baseUrl);
        Check.clocks(timeout, firstTokenTimeout, idleTimeout, gapTimeout, totalTimeout);
        Check.retries(maxRetries, retryInterval, maxRetryDelay);
        Check.positive("max-line-length", maxLineLength);
    }

    @Override
    public int maxLineBytes() {
        return Math.toIntExact(maxLineLength.toBytes());
    }

    @Override
    public Map<String, CallPolicy> callPolicies() {
        return Map.of(NAME, toCallPolicy());
    }

    OllamaOptions toOptions(ApiKeySupplier key) {
        return OllamaOptions.builder()
                .http(toHttpOptions(baseUrl))
                .apiKey(key)
                .model(model)
                .options(toChatOptions())
                .build();
    }

    @Override
    public String toString() {
        return "OllamaProperties[enabled=" + enabled + ", " + describe() + "]";
    }
}
