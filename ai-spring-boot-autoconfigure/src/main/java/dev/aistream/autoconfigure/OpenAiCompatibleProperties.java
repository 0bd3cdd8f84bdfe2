package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.openai.OpenAiOptions.Authentication;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Servers that speak OpenAI's Chat Completions, by name.
 *
 * @param openaiCompatible Servers that speak OpenAI's Chat Completions, each a provider of the name that is its key.
 *     The address of well-known ones, such as groq or openrouter, need not be set.
 */
@ConfigurationProperties("ai")
public record OpenAiCompatibleProperties(@DefaultValue Map<String, Server> openaiCompatible) implements CallPolicies {

    static final String PREFIX = "ai.openai-compatible";

    public OpenAiCompatibleProperties {
        openaiCompatible = Collections.unmodifiableMap(new LinkedHashMap<>(openaiCompatible));
        openaiCompatible.forEach((name, server) -> {
            if (server.enabled()
                    && server.baseUrl() == null
                    && OpenAiCompatiblePreset.of(name).isEmpty()) {
                throw new IllegalArgumentException("openai-compatible." + name + ".base-url is missing");
            }
        });
    }

    /** One that has no properties is as they are by default. */
    Server server(String name) {
        Server server = openaiCompatible.get(name);
        return server != null ? server : new Binder().bindOrCreate(PREFIX + "." + name, Server.class);
    }

    @Override
    public Map<String, CallPolicy> callPolicies() {
        Map<String, CallPolicy> policies = new LinkedHashMap<>();
        openaiCompatible.forEach((name, server) -> policies.put(name, server.toCallPolicy()));
        return policies;
    }

    /**
     * One server. Key and header values never appear in {@code toString}.
     *
     * @param enabled Whether the provider is there.
     * @param apiKey Key that calls are paid with.
     * @param baseUrl Base of the endpoint's URL. Well-known servers have a default.
     * @param path Path of the endpoint below the base URL.
     * @param query Parameters of the endpoint's address.
     * @param authentication How the key is sent. By default as api-key header to Azure, as bearer token elsewhere.
     * @param model Model that answers when a request names none; by default each request has to.
     * @param headers Headers to add to each request.
     * @param timeout Longest wait for the response head: pool, connect and TLS handshake included.
     * @param firstTokenTimeout Longest wait from the response head to the first output; comments do not count.
     * @param idleTimeout Longest silence on the network; comments end it.
     * @param gapTimeout Longest wait between two outputs; by default there is no limit.
     * @param totalTimeout Longest duration of a whole call, all attempts included; by default there is no limit.
     * @param maxRetries Attempts after the first, made only while nothing was emitted.
     * @param retryInterval Pause before the second attempt; it doubles with each, give or take half of it.
     * @param maxRetryDelay Longest pause between attempts; a provider that asks for more makes the call fail.
     * @param maxLineLength Longest line of a response, in bytes where no unit is given; a longer one fails the call.
     * @param includeUsage Whether to ask for the usage; not every server takes that.
     * @param maxTokensField Field that carries the most tokens to generate; by default max_tokens.
     * @param acceptsTopK Whether the server takes top_k.
     * @param reasoningField Field in which an assistant's reasoning goes back to the server; by default it does only
     *     to deepseek and moonshot, as reasoning_content.
     * @param options Options of every request that leaves them open.
     */
    public record Server(
            @DefaultValue("true") boolean enabled,
            @Nullable String apiKey,
            @Nullable URI baseUrl,
            @DefaultValue("/chat/completions") String path,
            @DefaultValue Map<String, String> query,
            @Nullable Authentication authentication,
            @Nullable String model,
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
            @Nullable Boolean includeUsage,
            @Nullable String maxTokensField,
            @Nullable Boolean acceptsTopK,
            @Nullable String reasoningField,
            @NestedConfigurationProperty @Nullable ChatOptionsProperties options)
            implements ProviderProperties {

        public Server {
            apiKey = ProviderProperties.textOrNull(apiKey);
            model = ProviderProperties.textOrNull(model);
            maxTokensField = ProviderProperties.textOrNull(maxTokensField);
            reasoningField = ProviderProperties.textOrNull(reasoningField);
            query = Map.copyOf(query);
            headers = Map.copyOf(headers);
            if (baseUrl != null) {
                Check.http("base-url", baseUrl);
            }
            Check.clocks(timeout, firstTokenTimeout, idleTimeout, gapTimeout, totalTimeout);
            Check.retries(maxRetries, retryInterval, maxRetryDelay);
            Check.positive("max-line-length", maxLineLength);
        }

        @Override
        public int maxLineBytes() {
            return Math.toIntExact(maxLineLength.toBytes());
        }

        OpenAiOptions toOptions(String provider, URI url, @Nullable OpenAiCompatiblePreset preset, ApiKeySupplier key) {
            boolean usage = preset == null || preset.includeUsage();
            return OpenAiOptions.builder()
                    .provider(provider)
                    .http(toHttpOptions(url))
                    .path(path)
                    .query(query)
                    .apiKey(key)
                    .authentication(authentication)
                    .model(model)
                    .options(toChatOptions())
                    .includeUsage(includeUsage != null ? includeUsage : usage)
                    .maxTokensField(maxTokensField)
                    .acceptsTopK(acceptsTopK)
                    .reasoningField(reasoningField == null && preset != null ? preset.reasoningField() : reasoningField)
                    .build();
        }

        @Override
        public String toString() {
            return "Server[enabled=" + enabled + ", " + describe() + ", path=" + path + ", query="
                    + Masked.values(query.keySet()) + ", authentication=" + authentication + ", includeUsage="
                    + includeUsage + ", maxTokensField=" + maxTokensField + ", acceptsTopK=" + acceptsTopK
                    + ", reasoningField=" + reasoningField + "]";
        }
    }
}
