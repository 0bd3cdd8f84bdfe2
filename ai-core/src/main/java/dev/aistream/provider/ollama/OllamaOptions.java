package dev.aistream.provider.ollama;

import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where and how Ollama's chat API is called. Neither keys nor header values appear in {@code toString}.
 *
 * @param provider name by which requests refer to this server
 * @param http base URL without {@code /api/chat}, headers, clocks and line limit
 * @param apiKey where the key comes from; a local server needs none
 * @param model for requests that name none; null where each request must
 * @param options for what a request leaves open
 */
public record OllamaOptions(
        String provider,
        ProviderHttpOptions http,
        ApiKeySupplier apiKey,
        @Nullable String model,
        ChatOptions options) {

    public static final String DEFAULT_PROVIDER = "ollama";
    public static final URI DEFAULT_BASE_URL = URI.create("http://localhost:11434");

    /** The head comes when the model is loaded, which takes minutes for a large one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    private static final String PATH = "/api/chat";

    URI endpoint() {
        return http.endpoint(PATH, Map.of());
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String toString() {
        return "OllamaOptions[provider=" + provider + ", http=" + http + ", model=" + model + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {

        private String provider = DEFAULT_PROVIDER;
        private ProviderHttpOptions http =
                ProviderHttpOptions.of(DEFAULT_BASE_URL).withTimeout(DEFAULT_TIMEOUT);
        private ApiKeySupplier apiKey = ApiKeySupplier.none();
        private @Nullable String model;
        private ChatOptions options = ChatOptions.NONE;

        private Builder() {}

        public Builder provider(String provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** Where the server is, with default clocks; {@link #http} says more. */
        public Builder baseUrl(URI baseUrl) {
            return http(ProviderHttpOptions.of(baseUrl).withTimeout(DEFAULT_TIMEOUT));
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

        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        public Builder options(ChatOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        public OllamaOptions build() {
            return new OllamaOptions(provider, http, apiKey, model, options);
        }
    }
}
