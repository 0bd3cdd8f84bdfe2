package dev.aistream.provider.openai;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderCall;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiOptions.Authentication;
import dev.aistream.provider.openai.OpenAiRequestMapper.Mapped;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * OpenAI's Chat Completions, and by another name and base URL any server that speaks them.
 *
 * @see OpenAiOptions
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Streaming</a>
 */
public final class OpenAiChatModel implements ChatModel {

    private final OpenAiOptions options;
    private final ProviderHttpClient http;
    private final OpenAiRequestMapper mapper;
    private final URI endpoint;

    /**
     * A model.
     * @param http may be shared with other models
     */
    public OpenAiChatModel(OpenAiOptions options, ProviderHttpClient http) {
        this.options = options;
        this.http = http;
        this.mapper = new OpenAiRequestMapper(options);
        this.endpoint = options.endpoint();
    }

    @Override
    public String name() {
        return options.provider();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each subscription maps the request, asks for the key and has a decoder of its own.
     */
    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return http.stream(options.apiKey(), options.provider(), key -> call(request, key));
    }

    private ProviderCall call(ChatRequest request, @Nullable String key) {
        Mapped mapped = mapper.map(request);
        int maxLineLength = request.maxLineLength() != null
                ? request.maxLineLength()
                : options.http().maxLineLength();
        ProviderCall.Builder call = ProviderCall.post(endpoint, mapped.body())
                .options(options.http())
                .request(request)
                .decoder(head -> new OpenAiStreamDecoder(
                        options.provider(), mapped.warnings(), head, maxLineLength, request.includeRaw()));
        if (key != null && options.authentication() == Authentication.API_KEY_HEADER) {
            call.secret(key).header("api-key", key);
        } else {
            call.bearer(key);
        }
        if (options.organization() != null) {
            call.header("OpenAI-Organization", options.organization());
        }
        if (options.project() != null) {
            call.header("OpenAI-Project", options.project());
        }
        return call.build();
    }

    @Override
    public String toString() {
        return "OpenAiChatModel[" + options + "]";
    }
}
