package dev.aistream.provider.ollama;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderCall;
import dev.aistream.provider.ProviderHttpClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Models that Ollama serves, by its own chat API.
 *
 * <p>Thread-safe: one instance serves every request.
 *
 * @see <a href="https://docs.ollama.com/api/chat">Generate a chat message</a>
 */
public final class OllamaChatModel implements ChatModel {

    private final OllamaOptions options;
    private final ProviderHttpClient client;
    private final OllamaRequestMapper mapper;

    public OllamaChatModel(OllamaOptions options, ProviderHttpClient client) {
        this.options = options;
        this.client = client;
        this.mapper = new OllamaRequestMapper(options);
    }

    @Override
    public String name() {
        return options.provider();
    }

    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return Flux.defer(() -> {
            OllamaRequestMapper.Mapped mapped = mapper.map(request);
            return client.stream(options.apiKey(), options.provider(), key -> call(request, mapped, key));
        });
    }

    private ProviderCall call(ChatRequest request, OllamaRequestMapper.Mapped mapped, @Nullable String key) {
        int maxLineLength = request.maxLineLength() != null
                ? request.maxLineLength()
                : options.http().maxLineLength();
        return ProviderCall.post(options.endpoint(), mapped.body())
                .options(options.http())
                .request(request)
                .accept("application/x-ndjson")
                .bearer(key)
                .decoder(head -> new OllamaStreamDecoder(
                        head, maxLineLength, options.provider(), mapped.warnings(), request.includeRaw()))
                .build();
    }

    @Override
    public String toString() {
        return "OllamaChatModel[" + options + "]";
    }
}
