package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderCall;
import dev.aistream.provider.ProviderHttpClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Google's models, by the Gemini API or Vertex AI.
 *
 * <p>A thought signature comes with the metadata of the block or call that it sat on, in a block without text where it
 * sat on none; the answer's message takes it back to the same part. Images, executed code and whatever else the model
 * makes come as {@link ChatEvent.NativeContent}. A prompt that the provider blocks is a failure of kind {@code
 * CONTENT_FILTERED}, with its reason as the code.
 *
 * <p>Thread-safe: one instance serves every request.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent">streamGenerateContent</a>
 */
public final class GeminiChatModel implements ChatModel {

    private final GeminiOptions options;
    private final ProviderHttpClient client;
    private final GeminiRequestMapper mapper;

    public GeminiChatModel(GeminiOptions options, ProviderHttpClient client) {
        this.options = options;
        this.client = client;
        this.mapper = new GeminiRequestMapper(options);
    }

    @Override
    public String name() {
        return options.provider();
    }

    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return Flux.defer(() -> {
            GeminiRequestMapper.Mapped mapped = mapper.map(request);
            return client.stream(options.apiKey(), options.provider(), key -> call(request, mapped, key));
        });
    }

    private ProviderCall call(ChatRequest request, GeminiRequestMapper.Mapped mapped, @Nullable String key) {
        ProviderCall.Builder call = ProviderCall.post(options.endpoint(mapped.model()), mapped.body())
                .options(options.http())
                .request(request);
        if (key != null && options.authentication() == GeminiOptions.Authentication.BEARER) {
            call.bearer(key);
        } else if (key != null) {
            call.secret(key).header("x-goog-api-key", key);
        }
        int maxLineLength = request.maxLineLength() != null
                ? request.maxLineLength()
                : options.http().maxLineLength();
        return call.decoder(head -> new GeminiStreamDecoder(
                        head, maxLineLength, options.provider(), mapped.warnings(), request.includeRaw()))
                .build();
    }

    @Override
    public String toString() {
        return "GeminiChatModel[" + options + "]";
    }
}
