package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * Where and how Google's Gemini API is called. Neither keys nor header values appear in {@code toString}.
 *
 * <p>Vertex AI is the same API at another address:
 *
 * <pre>{@code
 * GeminiOptions.builder()
 *         .baseUrl(URI.create("https://europe-west1-aiplatform.googleapis.com"))
 *         .path("/v1/projects/my-project/locations/europe-west1/publishers/google/models/{model}:streamGenerateContent")
 *         .authentication(GeminiOptions.Authentication.BEARER)
 *         .apiKey(tokens)
 *         .build();
 * }</pre>
 *
 * @param provider name by which requests refer to this server
 * @param http base URL without {@code /v1beta}, headers, clocks and line limit; an answer's image is one line
 * @param apiKey where the key, or token, comes from
 * @param authentication how the key is sent
 * @param model for requests that name none, with or without {@code models/}; null where each request must
 * @param path of the endpoint; {@code {model}} in it stands for the model
 * @param options for what a request leaves open
 */
public record GeminiOptions(
        String provider,
        ProviderHttpOptions http,
        ApiKeySupplier apiKey,
        Authentication authentication,
        @Nullable String model,
        String path,
        ChatOptions options) {

    public static final String DEFAULT_PROVIDER = "gemini";
    public static final URI DEFAULT_BASE_URL = URI.create("https://generativelanguage.googleapis.com");
    public static final String DEFAULT_PATH = "/v1beta/models/{model}:streamGenerateContent";

    private static final String MODEL = "{model}";
    private static final String MODELS = "models/";
    private static final String TUNED_MODELS = "tunedModels/";

    /** As server-sent events; without it the provider sends one JSON array, which is understood too. */
    private static final Map<String, String> AS_EVENTS = Map.of("alt", "sse");

    /** How the key is sent. */
    public enum Authentication {
        /** {@code x-goog-api-key}; never in the address, where logs would show it. */
        API_KEY_HEADER,
        /** {@code Authorization: Bearer}, for Vertex AI and its short-lived tokens. */
        BEARER
    }

    /** The endpoint's address for a model. */
    URI endpoint(String model) {
        String address = path;
        String name = model;
        if (model.startsWith(MODELS)) {
            name = model.substring(MODELS.length());
        } else if (model.startsWith(TUNED_MODELS)) {
            name = model.substring(TUNED_MODELS.length());
            address = path.replace(MODELS + MODEL, TUNED_MODELS + MODEL);
        }
        return http.endpoint(
                address.replace(MODEL, UriUtils.encodePathSegment(name, StandardCharsets.UTF_8)), AS_EVENTS);
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String toString() {
        return "GeminiOptions[provider=" + provider + ", http=" + http + ", authentication=" + authentication
                + ", model=" + model + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {

        private String provider = DEFAULT_PROVIDER;
        private ProviderHttpOptions http = ProviderHttpOptions.of(DEFAULT_BASE_URL);
        private ApiKeySupplier apiKey = ApiKeySupplier.none();
        private Authentication authentication = Authentication.API_KEY_HEADER;
        private @Nullable String model;
        private String path = DEFAULT_PATH;
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

        public Builder options(ChatOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        public GeminiOptions build() {
            return new GeminiOptions(provider, http, apiKey, authentication, model, path, options);
        }
    }
}
