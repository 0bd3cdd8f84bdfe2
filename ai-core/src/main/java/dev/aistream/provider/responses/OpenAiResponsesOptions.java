package dev.aistream.provider.responses;

import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * How to reach OpenAI, or a server that speaks its Responses API. Neither keys nor header values appear in
 * {@code toString}.
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
 * @param store whether the provider shall keep the response; null leaves its default
 * @param background whether the provider shall work on without us: a stream that the network cuts is then taken up
 *     where it was, and a cancelled one is cancelled at the provider
 * @param reconnects how often in a row a cut background response is asked for again before it counts as interrupted
 */
public record OpenAiResponsesOptions(
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
        @Nullable Boolean store,
        boolean background,
        int reconnects) {

    public static final String DEFAULT_PROVIDER = "openai";
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.openai.com/v1");
    public static final String DEFAULT_PATH = "/responses";
    public static final String DEFAULT_MODEL = "gpt-4o-mini";
    public static final int DEFAULT_RECONNECTS = 5;

    /** How the key is sent. */
    public enum Authentication {
        /** {@code Authorization: Bearer}. */
        BEARER,
        /** {@code api-key}, as Azure wants it. */
        API_KEY_HEADER
    }

    public OpenAiResponsesOptions {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        if (reconnects < 0) {
            throw new IllegalArgumentException("reconnects must not be negative, was " + reconnects);
        }
    }

    /** A builder for OpenAI itself, which its setters turn into one for another server. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where a response is asked for. */
    URI endpoint() {
        return http.endpoint(path, query);
    }

    /** Where the rest of a background response is found. */
    URI rest(String responseId, long startingAfter) {
        Map<String, String> parameters = new LinkedHashMap<>(query);
        parameters.put("stream", "true");
        parameters.put("starting_after", Long.toString(startingAfter));
        return http.endpoint(path + "/" + segment(responseId), parameters);
    }

    /** Where a background response is given up. */
    URI cancellation(String responseId) {
        return http.endpoint(path + "/" + segment(responseId) + "/cancel", query);
    }

    private static String segment(String text) {
        return UriUtils.encodePathSegment(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "OpenAiResponsesOptions[provider=" + provider + ", http=" + http + ", path=" + path
                + ", authentication=" + authentication + ", model=" + model + ", store=" + store + ", background="
                + background + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {

        private String provider = DEFAULT_PROVIDER;
        private ProviderHttpOptions http = ProviderHttpOptions.of(DEFAULT_BASE_URL);
        private String path = DEFAULT_PATH;
        private Map<String, String> query = Map.of();
        private ApiKeySupplier apiKey = ApiKeySupplier.none();
        private Authentication authentication = Authentication.BEARER;
        private @Nullable String organization;
        private @Nullable String project;
        private @Nullable String model;
        private ChatOptions options = ChatOptions.NONE;
        private @Nullable Boolean store;
        private boolean background;
        private int reconnects = DEFAULT_RECONNECTS;

        private Builder() {}

        /** Name of the provider; any but {@code openai} is taken for a compatible server. */
        public Builder provider(String provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** Where the server is, with default clocks; {@link #http} says more. */
        public Builder baseUrl(URI baseUrl) {
            return http(ProviderHttpOptions.of(baseUrl));
        }

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

        public Builder authentication(Authentication authentication) {
            this.authentication = Objects.requireNonNull(authentication, "authentication");
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

        public Builder store(@Nullable Boolean store) {
            this.store = store;
            return this;
        }

        public Builder background(boolean background) {
            this.background = background;
            return this;
        }

        public Builder reconnects(int reconnects) {
            this.reconnects = reconnects;
            return this;
        }

        public OpenAiResponsesOptions build() {
            return new OpenAiResponsesOptions(
                    provider,
                    http,
                    path,
                    query,
                    apiKey,
                    authentication,
                    organization,
                    project,
                    model == null && provider.equals(DEFAULT_PROVIDER) ? DEFAULT_MODEL : model,
                    options,
                    store,
                    background,
                    reconnects);
        }
    }
}
