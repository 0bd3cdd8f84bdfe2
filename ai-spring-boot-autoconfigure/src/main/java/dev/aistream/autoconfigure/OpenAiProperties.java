package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.openai.OpenAiOptions.Authentication;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * OpenAI, or one server that speaks its protocol. Key and header values never appear in {@code toString}.
 *
 * @param enabled Whether the provider is there. By default it is if it has a key or a base URL, if ai.provider
 *     names it, or if no other provider is configured.
 * @param apiKey Key that OpenAI calls are paid with. Not needed with another base URL, nor with an ApiKeySupplier
 *     bean.
 * @param baseUrl Base of the endpoint's URL.
 * @param path Path of the endpoint below the base URL.
 * @param query Parameters of the endpoint's address, such as Azure's api-version.
 * @param authentication How the key is sent.
 * @param model Model that answers when a request names none.
 * @param organization Organization that calls are counted for, when the key belongs to several.
 * @param project Project that calls are counted for, when the key belongs to several.
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
 * @param includeUsage Whether to ask for the usage; not every compatible server takes that.
 * @param maxTokensField Field that carries the most tokens to generate. By default the one that the server of the
 *     base URL documents.
 * @param acceptsTopK Whether the server takes top_k. By default every server but OpenAI and Azure does.
 * @param reasoningField Field in which an assistant's reasoning goes back to the server, such as reasoning_content;
 *     by default it does not.
 * @param options Options of every request that leaves them open.
 */
@ConfigurationProperties("ai.openai")
public record OpenAiProperties(
        @Nullable Boolean enabled,
        @Nullable String apiKey,
        @DefaultValue("https://api.openai.com/v1") URI baseUrl,
        @DefaultValue("/chat/completions") String path,
        @DefaultValue Map<String, String> query,
        @DefaultValue("bearer") Authentication authentication,
        @DefaultValue("gpt-4o-mini") String model,
        @Nullable String organization,
        @Nullable String project,
        @DefaultValue Map<String, String> headers,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("5m") Duration firstTokenTimeout,
        @DefaultValue("2m") Duration idleTimeout,
        @Nullable Duration gapTimeout,
        @Nullable Duration totalTimeout,
        @DefaultValue("2") int maxRetries,
        @DefaultValue("3s") Duration retryInterval,
        @DefaultValue("60s") Duration maxRetryDelay,
        @DefaultValue("16384B") DataSize maxLineLength,
        @DefaultValue("true") boolean includeUsage,
        @Nullable String maxTokensField,
        @Nullable Boolean acceptsTopK,
        @Nullable String reasoningField,
        @NestedConfigurationProperty @DefaultValue ChatOptionsProperties options)
        implements ProviderProperties {

    static final String NAME = OpenAiOptions.DEFAULT_PROVIDER;

    public OpenAiProperties {
        apiKey = ProviderProperties.textOrNull(apiKey);
        organization = ProviderProperties.textOrNull(organization);
        project = ProviderProperties.textOrNull(project);
        model = StringUtils.hasText(model) ? model.trim() : OpenAiOptions.DEFAULT_MODEL;
        maxTokensField = ProviderProperties.textOrNull(maxTokensField);
        reasoningField = ProviderProperties.textOrNull(reasoningField);
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
        Check.http("base-url", baseUrl);
        Check.clocks(timeout, firstTokenTimeout, idleTimeout, gapTimeout, totalTimeout);
        Check.retries(maxRetries, retryInterval, maxRetryDelay);
        Check.positive("max-line-length", maxLineLength);
    }

    @Override
    public Map<String, CallPolicy> callPolicies() {
        return Map.of(NAME, toCallPolicy());
    }

    /** Whether OpenAI itself answers, which takes no call without a key. */
    boolean needsKey() {
        String host = baseUrl.getHost().toLowerCase(Locale.ROOT);
        return host.equals("api.openai.com") || host.endsWith(".api.openai.com");
    }

    OpenAiOptions toOptions(ApiKeySupplier apiKey) {
        return OpenAiOptions.builder()
                .provider(NAME)
                .http(toHttpOptions())
                .path(path)
                .query(query)
                .apiKey(apiKey)
                .authentication(authentication)
                .organization(organization)
                .project(project)
                .model(model)
                .options(options.toOptions())
                .includeUsage(includeUsage)
                .maxTokensField(maxTokensField)
                .acceptsTopK(acceptsTopK)
                .reasoningField(reasoningField)
                .build();
    }

    @Override
    public String toString() {
        return "OpenAiProperties[enabled=" + enabled + ", apiKey=" + Masked.text(apiKey) + ", baseUrl=" + baseUrl
                + ", path=" + path + ", query=" + Masked.values(query.keySet()) + ", authentication=" + authentication
                + ", model=" + model + ", organization=" + organization + ", project=" + project + ", headers="
                + Masked.values(headers.keySet()) + ", timeout=" + timeout + ", firstTokenTimeout=" + firstTokenTimeout
                + ", idleTimeout=" + idleTimeout + ", gapTimeout=" + gapTimeout + ", totalTimeout=" + totalTimeout
                + ", maxRetries=" + maxRetries + ", retryInterval=" + retryInterval + ", maxRetryDelay="
                + maxRetryDelay + ", maxLineLength=" + maxLineLength + ", includeUsage=" + includeUsage
                + ", maxTokensField=" + maxTokensField + ", acceptsTopK=" + acceptsTopK + ", reasoningField="
                + reasoningField + ", options=" + options + "]";
    }
}
