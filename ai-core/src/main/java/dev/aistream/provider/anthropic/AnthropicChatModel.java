package dev.aistream.provider.anthropic;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderCall;
import dev.aistream.provider.ProviderHttpClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Anthropic's models, by its Messages API.
 *
 * <p>Tools that the provider runs itself and their results come as {@link ChatEvent.NativeContent}, never as calls that
 * the application has to answer. Thinking carries its signature in {@link ChatEvent.ReasoningEnd#metadata()}, text its
 * citations in {@link ChatEvent.TextEnd#metadata()}; the answer's message takes all of it back.
 *
 * <p>Thread-safe: one instance serves every request.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages-streaming">Streaming messages</a>
 */
public final class AnthropicChatModel implements ChatModel {

    private final AnthropicOptions options;
    private final ProviderHttpClient client;
    private final AnthropicRequestMapper mapper;

    public AnthropicChatModel(AnthropicOptions options, ProviderHttpClient client) {
        this.options = options;
        this.client = client;
        this.mapper = new AnthropicRequestMapper(options);
    }

    @Override
    public String name() {
        return options.provider();
    }

    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return Flux.defer(() -> {
            AnthropicRequestMapper.Mapped mapped = mapper.map(request);
            return client.stream(options.apiKey(), options.provider(), key -> call(request, mapped, key));
        });
    }

    private ProviderCall call(ChatRequest request, AnthropicRequestMapper.Mapped mapped, @Nullable String key) {
        ProviderCall.Builder call = ProviderCall.post(options.endpoint(mapped.model()), mapped.body())
                .options(options.http())
                .request(request)
                .header("anthropic-version", options.version());
        if (!options.beta().isEmpty()) {
            call.header("anthropic-beta", String.join(",", options.beta()));
        }
        if (key != null && options.authentication() == AnthropicOptions.Authentication.BEARER) {
            call.bearer(key);
        } else if (key != null) {
            call.secret(key).header("x-api-key", key);
        }
        int maxLineLength = request.maxLineLength() != null
                ? request.maxLineLength()
                : options.http().maxLineLength();
        return call.decoder(head -> new AnthropicStreamDecoder(
                        head, maxLineLength, options.provider(), mapped.warnings(), request.includeRaw()))
                .build();
    }

    @Override
    public String toString() {
        return "AnthropicChatModel[" + options + "]";
    }
}
