package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.openai.OpenAiOptions.Authentication;
import dev.aistream.provider.responses.OpenAiResponsesOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * OpenAI, or one server that speaks its protocol. Key and header values never appear in {@code toString}.
 *
 * @param enabled Whether the provider is there. By default it is if it has a key or a base URL, if ai.provider names
 *     it, or if no other provider is configured.
 * @param api Interface to call.
 * @param apiKey Key that OpenAI calls are paid with. Not needed with another base URL, nor with an ApiKeySupplier
 *     bean.
 * @param baseUrl Base of the endpoint's URL.
 * @param path Path of the endpoint below the base URL. By default that of the interface, such as /chat/completions.
 * @param query Parameters of the endpoint's address, such as Azure's api-version.
 * @param authentication How the key is sent. By default as api-key header to Azure, as bearer token elsewhere.
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
 * @param maxLineLength Longest line of a response, in bytes where no unit is given; a longer one fails the call. By
 *     default 16384B, and 16MB for the Responses API, whose last event holds the whole answer.
 * @param includeUsage Whether to ask for the usage; not every compatible server takes that.
 * @param maxTokensField Field that carries the most tokens to generate. By default the one that the server of the
 *     base URL documents.
 * @param acceptsTopK Whether the server takes top_k. By default it does not, as OpenAI and Azure.
 * @param reasoningField Field in which an assistant's reasoning goes back to the server, such as reasoning_content;
 *     by default it does not.
 * @param responses What concerns the Responses API only.
 * @param options Options of every request that leaves them open.
 */
@ConfigurationProperties(OpenAiProperties.PREFIX)
public record OpenAiProperties(
        @Nullable Boolean enabled,
        OpenAiApi api,
        @Nullable String apiKey,
        URI baseUrl,
        @Nullable String path,
        Map<String, String> query,
        @Nullable Authentication authentication,
        String model,
        @Nullable String organization,
        @Nullable String project,
        Map<String, String> headers,
        Duration timeout,
        Duration firstTokenTimeout,
        Duration idleTimeout,
        @Nullable Duration gapTimeout,
        @Nullable Duration totalTimeout,
        Integer maxRetries,
        Duration retryInterval,
        Duration maxRetryDelay,
        @Nullable DataSize maxLineLength,
        Boolean includeUsage,
        @Nullable String maxTokensField,
        @Nullable Boolean acceptsTopK,
        @Nullable String reasoningField,
        @Nullable Responses responses,
        @NestedConfigurationProperty @Nullable ChatOptionsProperties options)
        implements ProviderProperties, CallPolicies {

    static final String PREFIX = "ai.openai";
    static final String NAME = OpenAiOptions.DEFAULT_PROVIDER;

    /**
     * Takes null for what is not set. Defaults in annotations would be read and converted anew at each start:
     * docs/decisions/start.md. What an editor shows is in the additional metadata.
     */
    public OpenAiProperties {
        api = Objects.requireNonNullElse(api, OpenAiApi.CHAT);
        baseUrl = Objects.requireNonNullElse(baseUrl, OpenAiOptions.DEFAULT_BASE_URL);
        timeout = Objects.requireNonNullElse(timeout, ProviderHttpOptions.DEFAULT_TIMEOUT);
        firstTokenTimeout =
                Objects.requireNonNullElse(firstTokenTimeout, ProviderHttpOptions.DEFAULT_FIRST_TOKEN_TIMEOUT);
        idleTimeout = Objects.requireNonNullElse(idleTimeout, ProviderHttpOptions.DEFAULT_IDLE_TIMEOUT);
        maxRetries = Objects.requireNonNullElse(maxRetries, CallPolicy.DEFAULT.maxRetries());
        retryInterval = Objects.requireNonNullElse(retryInterval, CallPolicy.DEFAULT.retryInterval());
        maxRetryDelay = Objects.requireNonNullElse(maxRetryDelay, CallPolicy.DEFAULT.maxRetryDelay());
        includeUsage = Objects.requireNonNullElse(includeUsage, true);
        apiKey = ProviderProperties.textOrNull(apiKey);
        path = ProviderProperties.textOrNull(path);
        model = StringUtils.hasText(model) ? model.trim() : OpenAiOptions.DEFAULT_MODEL;
        organization = ProviderProperties.textOrNull(organization);
        project = ProviderProperties.textOrNull(project);
        maxTokensField = ProviderProperties.textOrNull(maxTokensField);
        reasoningField = ProviderProperties.textOrNull(reasoningField);
        query = query == null ? Map.of() : Map.copyOf(query);
        headers = headers == null ? Map.of() : Map.copyOf(headers);
        Check.http("base-url", baseUrl);
        Check.clocks(timeout, firstTokenTimeout, idleTimeout, gapTimeout, totalTimeout);
        Check.retries(maxRetries, retryInterval, maxRetryDelay);
        Check.positive("max-line-length", maxLineLength);
    }

    /**
     * What concerns the Responses API only.
     *
     * @param store Whether OpenAI keeps the response; by default as the account says.
     * @param background Whether OpenAI works on while nobody reads. A stream that the network cuts is then taken up
     *     where it was.
     * @param reconnects How often in a row a cut background response is asked for again.
     */
    public record Responses(
            @Nullable Boolean store,
            @DefaultValue("false") boolean background,
            @DefaultValue("5") int reconnects) {

        public Responses {
            Check.notNegative("responses.reconnects", reconnects);
        }
    }

    @Override
    public int maxLineBytes() {
        if (maxLineLength != null) {
            return Math.toIntExact(maxLineLength.toBytes());
        }
        return api == OpenAiApi.CHAT
                ? OpenAiOptions.DEFAULT_MAX_LINE_LENGTH
                : ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH;
    }

    @Override
    public Map<String, CallPolicy> callPolicies() {
        return Map.of(NAME, toCallPolicy());
    }

    OpenAiOptions toOptions(ApiKeySupplier key) {
        OpenAiOptions.Builder builder = OpenAiOptions.builder()
                .provider(NAME)
                .http(toHttpOptions(baseUrl))
                .query(query)
                .apiKey(key)
                .authentication(authentication)
                .organization(organization)
                .project(project)
                .model(model)
                .options(toChatOptions())
                .includeUsage(includeUsage)
                .maxTokensField(maxTokensField)
                .acceptsTopK(acceptsTopK)
                .reasoningField(reasoningField);
        return (path == null ? builder : builder.path(path)).build();
    }

    OpenAiResponsesOptions toResponsesOptions(ApiKeySupplier key) {
        OpenAiResponsesOptions.Builder builder = OpenAiResponsesOptions.builder()
                .provider(NAME)
                .http(toHttpOptions(baseUrl))
                .path(Objects.requireNonNullElse(path, OpenAiResponsesOptions.DEFAULT_PATH))
                .query(query)
                .apiKey(key)
                .authentication(
                        Objects.requireNonNullElseGet(
                                                authentication, () -> OpenAiOptions.defaultAuthentication(baseUrl))
                                        == Authentication.API_KEY_HEADER
                                ? OpenAiResponsesOptions.Authentication.API_KEY_HEADER
                                : OpenAiResponsesOptions.Authentication.BEARER)
                .organization(organization)
                .project(project)
                .model(model)
                .options(toChatOptions());
        if (responses != null) {
            builder.store(responses.store()).background(responses.background()).reconnects(responses.reconnects());
        }
        return builder.build();
    }

    @Override
    public String toString() {
        return "OpenAiProperties[enabled=" + enabled + ", api=" + api + ", " + describe() + ", path=" + path
                + ", query="
                + Masked.values(query.keySet()) + ", authentication=" + authentication + ", organization="
                + organization + ", project=" + project + ", includeUsage=" + includeUsage + ", maxTokensField="
                + maxTokensField + ", acceptsTopK=" + acceptsTopK + ", reasoningField=" + reasoningField
                + ", responses=" + responses + "]";
    }
}
