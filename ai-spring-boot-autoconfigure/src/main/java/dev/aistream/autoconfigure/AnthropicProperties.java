package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.anthropic.AnthropicOptions;
import dev.aistream.provider.anthropic.AnthropicOptions.Authentication;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Anthropic, or one server that speaks its Messages API. Key and header values never appear in {@code toString}.
 *
 * @param enabled Whether the provider is there. By default it is if it has a key or a base URL, or if ai.provider
 *     names it.
 * @param apiKey Key that Anthropic calls are paid with. Not needed with another base URL, nor with an ApiKeySupplier
 *     bean.
 * @param baseUrl Base of the endpoint's URL.
 * @param path Path of the endpoint below the base URL; {model} in it stands for the model.
 * @param authentication How the key is sent.
 * @param model Model that answers when a request names none; by default each request has to.
 * @param version Version of the API.
 * @param beta Features to switch on, as anthropic-beta names them.
 * @param headers Headers to add to each request.
 * @param timeout Longest wait for the response head: pool, connect and TLS handshake included.
 * @param firstTokenTimeout Longest wait from the response head to the first output; comments and pings do not count.
 * @param idleTimeout Longest silence on the network; comments and pings end it.
 * @param gapTimeout Longest wait between two outputs; by default there is no limit.
 * @param totalTimeout Longest duration of a whole call, all attempts included; by default there is no limit.
 * @param maxRetries Attempts after the first, made only while nothing was emitted.
 * @param retryInterval Pause before the second attempt; it doubles with each, give or take half of it.
 * @param maxRetryDelay Longest pause between attempts; a provider that asks for more makes the call fail.
 * @param maxLineLength Longest line of a response, in bytes where no unit is given; a longer one fails the call.
 * @param options Options of every request that leaves them open.
 */
@ConfigurationProperties(AnthropicProperties.PREFIX)
public record AnthropicProperties(
        @Nullable Boolean enabled,
        @Nullable String apiKey,
        @DefaultValue("https://api.anthropic.com") URI baseUrl,
        @DefaultValue("/v1/messages") String path,
        @DefaultValue("api-key-header") Authentication authentication,
        @Nullable String model,
        @DefaultValue("2023-06-01") String version,
        @DefaultValue List<String> beta,
        @DefaultValue Map<String, String> headers,
        @DefaultValue("30s") Duration timeout,
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

    static final String PREFIX = "ai.anthropic";
    static final String NAME = AnthropicOptions.DEFAULT_PROVIDER;

    public AnthropicProperties {
        apiKey = ProviderProperties.textOrNull(apiKey);
        model = ProviderProperties.textOrNull(model);
        beta = List.copyOf(beta);
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

    AnthropicOptions toOptions(ApiKeySupplier key) {
        return AnthropicOptions.builder()
                .http(toHttpOptions(baseUrl))
                .path(path)
                .apiKey(key)
                .authentication(authentication)
                .model(model)
                .version(version)
                .beta(beta)
                .options(toChatOptions())
                .build();
    }

    @Override
    public String toString() {
        return "AnthropicProperties[enabled=" + enabled + ", " + describe() + ", path=" + path + ", authentication="
                + authentication + ", version=" + version + ", beta=" + beta + "]";
    }
}
