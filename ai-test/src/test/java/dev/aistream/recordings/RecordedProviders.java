package dev.aistream.recordings;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.anthropic.AnthropicChatModel;
import dev.aistream.provider.anthropic.AnthropicOptions;
import dev.aistream.provider.gemini.GeminiChatModel;
import dev.aistream.provider.gemini.GeminiOptions;
import dev.aistream.provider.ollama.OllamaChatModel;
import dev.aistream.provider.ollama.OllamaOptions;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.responses.OpenAiResponsesChatModel;
import dev.aistream.provider.responses.OpenAiResponsesOptions;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The models that recordings are replayed to, by wire format. */
public final class RecordedProviders {

    private static final Map<String, BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel>> BY_API = Map.of(
            "chat", RecordedProviders::chat,
            "anthropic", RecordedProviders::anthropic,
            "responses", RecordedProviders::responses,
            "gemini", RecordedProviders::gemini,
            "ollama", RecordedProviders::ollama);

    private RecordedProviders() {}

    /** Makes models of a wire format; empty where there is none. */
    public static Optional<BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel>> forApi(String api) {
        return Optional.ofNullable(api).map(BY_API::get);
    }

    /** Options of a test's provider. */
    public static ProviderHttpOptions options(URI baseUrl) {
        return ProviderHttpOptions.of(baseUrl);
    }

    private static ChatModel chat(ProviderHttpOptions http, ProviderHttpClient client) {
        return new OpenAiChatModel(
                OpenAiOptions.builder()
                        .provider("openai")
                        .http(http)
                        .apiKey("test-key")
                        .build(),
                client);
    }

    private static ChatModel anthropic(ProviderHttpOptions http, ProviderHttpClient client) {
        return new AnthropicChatModel(
                AnthropicOptions.builder().http(http).apiKey("test-key").build(), client);
    }

    private static ChatModel responses(ProviderHttpOptions http, ProviderHttpClient client) {
        return new OpenAiResponsesChatModel(
                OpenAiResponsesOptions.builder().http(http).apiKey("test-key").build(), client);
    }

    private static ChatModel gemini(ProviderHttpOptions http, ProviderHttpClient client) {
        return new GeminiChatModel(
                GeminiOptions.builder().http(http).apiKey("test-key").build(), client);
    }

    private static ChatModel ollama(ProviderHttpOptions http, ProviderHttpClient client) {
        return new OllamaChatModel(OllamaOptions.builder().http(http).build(), client);
    }
}
