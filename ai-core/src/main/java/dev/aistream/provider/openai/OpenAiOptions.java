package dev.aistream.provider.openai;

import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * How to reach OpenAI, or a server that speaks its Chat Completions, and what that server takes.
 *
 * <p>Neither the key nor header values appear in {@code toString}.
 *
 * @param provider name by which requests refer to this server
 * @param http where it is and how long to wait for it
 * @param path path of the endpoint below the base URL
 * @param query parameters of the endpoint's address, such as Azure's {@code api-version}
 * @param apiKey where the key comes from
 * @param authentication how the key is sent
 * @param organization value of {@code OpenAI-Organization}; null sends none
 * @param project value of {@code OpenAI-Project}; null sends none
 * @param model for requests that name none; null where each request must
 * @param options for what a request leaves open
 * @param includeUsage whether to ask for usage; some servers refuse the question
 * @param maxTokensField the wire's name of {@link ChatOptions#maxTokens()}
 * @param acceptsTopK whether the server takes {@code top_k}; OpenAI does not
 * @param reasoningField field in which an assistant's reasoning goes back, such as {@code reasoning_content}; null
 *     leaves it out
 */
public record OpenAiOptions(
        String provider,
        ProviderHttpOptions http,
        String path,
        Map<String, String> query,
        ApiKeySupplier apiKey,
        Authentication authentication,
        @Nullable String organization,
        @Nullable String project,
        @Nullable String model,
        ChatOptions options,
        boolean includeUsage,
        String maxTokensField,
        boolean acceptsTopK,
        @Nullable String reasoningField) {

    public static final String DEFAULT_PROVIDER = "openai";
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.openai.com/v1");
    public static final String DEFAULT_MODEL = "gpt-4o-mini";

    /** Longest line that OpenAI's own stream may have, in bytes; other servers get 16 MiB. */
    public static final int DEFAULT_MAX_LINE_LENGTH = 16384;

    private static final String DEFAULT_PATH = "/chat/completions";

    /** How the key is sent. */
    public enum Authentication {
        /** {@code Authorization: Bearer}. */
        BEARER,
        /** {@code api-key}, as Azure wants it. */
        API_KEY_HEADER
    }

    public OpenAiOptions {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /** A builder for OpenAI itself, which its setters turn into one for another server. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String toString() {
        return "OpenAiOptions[provider=" + provider + ", http=" + http + ", path=" + path + ", authentication="
                + authentication + ", model=" + model + ", includeUsage=" + includeUsage + ", maxTokensField="
                + maxTokensField + "]";
    }

    /** The endpoint's address. */
    URI endpoint() {
        String base = http.baseUrl().toString();
        int queryStart = base.indexOf('?');
        StringBuilder endpoint = new StringBuilder(queryStart < 0 ? base : base.substring(0, queryStart));
        while (endpoint.length() > 0 && endpoint.charAt(endpoint.length() - 1) == '/') {
            endpoint.setLength(endpoint.length() - 1);
        }
        if (!path.isEmpty() && path.charAt(0) != '/') {
            endpoint.append('/');
        }
        endpoint.append(path);
        char separator = '?';
        if (queryStart >= 0) {
            endpoint.append(base, queryStart, base.length());
            separator = '&';
        }
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            endpoint.append(separator)
                    .append(encode(parameter.getKey()))
                    .append('=')
                    .append(encode(parameter.getValue()));
            separator = '&';
        }
        return URI.create(endpoint.toString());
    }

    private static String encode(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }

    /** Whether OpenAI or Azure answer there: they want {@code max_completion_tokens}, all others know the old name. */
    static boolean isOpenAiHost(URI baseUrl) {
        String host = hostOf(baseUrl);
        return host.equals("api.openai.com") || host.endsWith(".api.openai.com") || isAzureHost(host);
    }

    private static String hostOf(URI baseUrl) {
        return baseUrl.getHost() == null ? "" : baseUrl.getHost().toLowerCase(Locale.ROOT);
    }

    /** How a server takes the key where nothing else is said. */
    public static Authentication defaultAuthentication(URI baseUrl) {
        return isAzureHost(hostOf(baseUrl)) ? Authentication.API_KEY_HEADER : Authentication.BEARER;
    }

    private static boolean isAzureHost(String host) {
        return host.endsWith(".openai.azure.com")
                || host.endsWith(".openai.azure.us")
                || host.endsWith(".cognitiveservices.azure.com")
                || host.endsWith(".services.ai.azure.com");
    }

    /** Collects options; what is left open follows from the provider's name and the base URL. Not thread-safe. */
    public static final class Builder {

        private String provider = DEFAULT_PROVIDER;
        private URI baseUrl = DEFAULT_BASE_URL;
        private @Nullable ProviderHttpOptions http;
        private String path = DEFAULT_PATH;
        private Map<String, String> query = Map.of();
        private ApiKeySupplier apiKey = ApiKeySupplier.none();
        private @Nullable Authentication authentication;
        private @Nullable String organization;
        private @Nullable String project;
        private @Nullable String model;
        private ChatOptions options = ChatOptions.NONE;
        private boolean includeUsage = true;
        private @Nullable String maxTokensField;
        private @Nullable Boolean acceptsTopK;
        private @Nullable String reasoningField;

        private Builder() {}

        /** Name of the provider; any but {@code openai} is taken for a compatible server. */
        public Builder provider(String provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** Where the server is, with default clocks; {@link #http} says more. */
        public Builder baseUrl(URI baseUrl) {
            this.baseUrl = Objects.requireNonNull(baseUrl, "baseUrl");
            this.http = null;
            return this;
        }

        /** Where the server is and how long to wait for it, taken as it is. */
        public Builder http(ProviderHttpOptions http) {
            this.http = Objects.requireNonNull(http, "http");
            return this;
        }

        public Builder path(String path) {
            this.path = Objects.requireNonNull(path, "path");
            return this;
        }

        public Builder query(Map<String, String> query) {
            this.query = Objects.requireNonNull(query, "query");
            return this;
        }

        public Builder apiKey(String apiKey) {
            return apiKey(ApiKeySupplier.fixed(apiKey));
        }

        public Builder apiKey(ApiKeySupplier apiKey) {
            this.apiKey = Objects.requireNonNull(apiKey, "apiKey");
            return this;
        }

        /** By default the {@code api-key} header at Azure, a bearer token elsewhere. */
        public Builder authentication(@Nullable Authentication authentication) {
            this.authentication = authentication;
            return this;
        }

        public Builder organization(@Nullable String organization) {
            this.organization = organization;
            return this;
        }

        public Builder project(@Nullable String project) {
            this.project = project;
            return this;
        }

        /** The model of requests that name none; by default {@code gpt-4o-mini} at OpenAI, none elsewhere. */
        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        public Builder options(ChatOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        public Builder includeUsage(boolean includeUsage) {
            this.includeUsage = includeUsage;
            return this;
        }

        /** By default {@code max_completion_tokens} at OpenAI and Azure, {@code max_tokens} elsewhere. */
        public Builder maxTokensField(@Nullable String maxTokensField) {
            this.maxTokensField = maxTokensField;
            return this;
        }

        /** By default taken for true of every provider but {@code openai}, and not at OpenAI or Azure. */
        public Builder acceptsTopK(@Nullable Boolean acceptsTopK) {
            this.acceptsTopK = acceptsTopK;
            return this;
        }

        public Builder reasoningField(@Nullable String reasoningField) {
            this.reasoningField = reasoningField;
            return this;
        }

        public OpenAiOptions build() {
            boolean own = provider.equals(DEFAULT_PROVIDER);
            ProviderHttpOptions reach = http != null
                    ? http
                    : ProviderHttpOptions.of(baseUrl)
                            .withMaxLineLength(
                                    own ? DEFAULT_MAX_LINE_LENGTH : ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH);
            boolean openAiHost = isOpenAiHost(reach.baseUrl());
            return new OpenAiOptions(
                    provider,
                    reach,
                    path,
                    query,
                    apiKey,
                    authentication != null ? authentication : defaultAuthentication(reach.baseUrl()),
                    organization,
                    project,
                    model == null && own ? DEFAULT_MODEL : model,
                    options,
                    includeUsage,
                    maxTokensField != null ? maxTokensField : openAiHost ? "max_completion_tokens" : "max_tokens",
                    acceptsTopK != null ? acceptsTopK : !own && !openAiHost,
                    reasoningField);
        }
    }
}
