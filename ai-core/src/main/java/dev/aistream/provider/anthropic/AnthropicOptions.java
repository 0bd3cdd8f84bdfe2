package dev.aistream.provider.anthropic;

import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where and how Anthropic's Messages API is called. Neither keys nor header values appear in {@code toString}.
 *
 * @param name name of the provider, for requests, properties and metrics
 * @param http base URL without {@code /v1/messages}, headers, clocks and line limit
 * @param apiKey asked once for each attempt
 * @param authorization the header that carries the key
 * @param model used where a request names none; null requires each request to name one
 * @param path of the endpoint; {@code {model}} in it stands for the model, which then is not in the body (Vertex)
 * @param version value of {@code anthropic-version}
 * @param beta features to switch on, values of {@code anthropic-beta}
 * @param options defaults of every request
 */
public record AnthropicOptions(
        String name,
        ProviderHttpOptions http,
        ApiKeySupplier apiKey,
        Authorization authorization,
        @Nullable String model,
        String path,
        String version,
        List<String> beta,
        ChatOptions options) {

    public static final String DEFAULT_NAME = "anthropic";
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.anthropic.com");
    public static final String DEFAULT_PATH = "/v1/messages";
    public static final String DEFAULT_VERSION = "2023-06-01";

    static final String MODEL_IN_PATH = "{model}";

    /** The header that carries the key. */
    public enum Authorization {
        /** {@code x-api-key}, as Anthropic itself and Azure want it. */
        API_KEY,
        /** {@code Authorization: Bearer}, for tokens. */
        BEARER
    }

    public AnthropicOptions {
        beta = List.copyOf(beta);
    }

    boolean modelInPath() {
        return path.contains(MODEL_IN_PATH);
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String toString() {
        return "AnthropicOptions[name=" + name + ", http=" + http + ", authorization=" + authorization + ", model="
                + model + ", version=" + version + ", beta=" + beta + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {

        private String name = DEFAULT_NAME;
        private ProviderHttpOptions http = ProviderHttpOptions.of(DEFAULT_BASE_URL);
        private ApiKeySupplier apiKey = ApiKeySupplier.none();
        private Authorization authorization = Authorization.API_KEY;
        private @Nullable String model;
        private String path = DEFAULT_PATH;
        private String version = DEFAULT_VERSION;
        private List<String> beta = List.of();
        private ChatOptions options = ChatOptions.NONE;

        private Builder() {}

        public Builder name(String name) {
            this.name = name;
            return this;
        }

        public Builder http(ProviderHttpOptions http) {
            this.http = http;
            return this;
        }

        public Builder apiKey(String apiKey) {
            return apiKey(ApiKeySupplier.fixed(apiKey));
        }

        public Builder apiKey(ApiKeySupplier apiKey) {
            this.apiKey = Objects.requireNonNull(apiKey, "apiKey");
            return this;
        }

        public Builder authorization(Authorization authorization) {
            this.authorization = authorization;
            return this;
        }

        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        public Builder path(String path) {
            this.path = path;
            return this;
        }

        public Builder version(String version) {
            this.version = version;
            return this;
        }

        public Builder beta(List<String> beta) {
            this.beta = beta;
            return this;
        }

        public Builder options(ChatOptions options) {
            this.options = options;
            return this;
        }

        public AnthropicOptions build() {
            return new AnthropicOptions(name, http, apiKey, authorization, model, path, version, beta, options);
        }
    }
}
