package dev.aistream.provider.anthropic;

import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * Where and how Anthropic's Messages API is called. Neither keys nor header values appear in {@code toString}.
 *
 * @param provider name by which requests refer to this server
 * @param http base URL without {@code /v1/messages}, headers, clocks and line limit
 * @param apiKey where the key comes from
 * @param authentication how the key is sent
 * @param model for requests that name none; null where each request must
 * @param path of the endpoint; {@code {model}} in it stands for the model, which then is not in the body (Vertex)
 * @param version value of {@code anthropic-version}
 * @param beta features to switch on, values of {@code anthropic-beta}
 * @param options for what a request leaves open
 */
public record AnthropicOptions(
        String provider,
        ProviderHttpOptions http,
        ApiKeySupplier apiKey,
        Authentication authentication,
        @Nullable String model,
        String path,
        String version,
        List<String> beta,
        ChatOptions options) {

    public static final String DEFAULT_PROVIDER = "anthropic";
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.anthropic.com");
    public static final String DEFAULT_PATH = "/v1/messages";
    public static final String DEFAULT_VERSION = "2023-06-01";

    static final String MODEL_IN_PATH = "{model}";

    /** How the key is sent. */
    public enum Authentication {
        /** {@code x-api-key}, as Anthropic itself and Azure want it. */
        API_KEY_HEADER,
        /** {@code Authorization: Bearer}, for tokens. */
        BEARER
    }

    public AnthropicOptions {
        beta = List.copyOf(beta);
    }

    boolean modelInPath() {
        return path.contains(MODEL_IN_PATH);
    }

    /** The endpoint's address for a model. */
    URI endpoint(String model) {
        return http.endpoint(
                path.replace(MODEL_IN_PATH, UriUtils.encodePathSegment(model, StandardCharsets.UTF_8)), Map.of());
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String toString() {
        return "AnthropicOptions[provider=" + provider + ", http=" + http + ", authentication=" + authentication
                + ", model=" + model + ", version=" + version + ", beta=" + beta + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {

        private String provider = DEFAULT_PROVIDER;
        private ProviderHttpOptions http = ProviderHttpOptions.of(DEFAULT_BASE_URL);
        private ApiKeySupplier apiKey = ApiKeySupplier.none();
        private Authentication authentication = Authentication.API_KEY_HEADER;
        private @Nullable String model;
        private String path = DEFAULT_PATH;
        private String version = DEFAULT_VERSION;
        private List<String> beta = List.of();
        private ChatOptions options = ChatOptions.NONE;

        private Builder() {}

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

        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        public Builder path(String path) {
            this.path = Objects.requireNonNull(path, "path");
            return this;
        }

        public Builder version(String version) {
            this.version = Objects.requireNonNull(version, "version");
            return this;
        }

        public Builder beta(List<String> beta) {
            this.beta = Objects.requireNonNull(beta, "beta");
            return this;
        }

        public Builder options(ChatOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        public AnthropicOptions build() {
            return new AnthropicOptions(provider, http, apiKey, authentication, model, path, version, beta, options);
        }
    }
}
