package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderHttpClient;
import reactor.core.publisher.Flux;

/**
 * OpenAI's Responses API, and by another name and base URL any server that speaks it.
 *
 * <p>Tools that the provider runs itself come as {@link ChatEvent.NativeContent} when they are done, their progress as
 * {@link ChatEvent.Raw}. Reasoning carries its sealed content in {@link ChatEvent.ReasoningEnd#metadata()}, text its
 * annotations in {@link ChatEvent.TextEnd#metadata()}; the answer's message takes all of it back.
 *
 * <p>Thread-safe: one instance serves every request.
 *
 * @see OpenAiResponsesOptions
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming events</a>
 */
public final class OpenAiResponsesChatModel implements ChatModel {

    private final OpenAiResponsesOptions options;
    private final ProviderHttpClient http;
    private final OpenAiResponsesRequestMapper mapper;

    /**
     * A model.
     * @param http may be shared with other models
     */
    public OpenAiResponsesChatModel(OpenAiResponsesOptions options, ProviderHttpClient http) {
        this.options = options;
        this.http = http;
        this.mapper = new OpenAiResponsesRequestMapper(options);
    }

    @Override
    public String name() {
        return options.provider();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A background response whose connection breaks is taken up again where it was, a bounded number of times in a
     * row, before the stream fails; when it is cancelled, the provider is asked to stop, once and without waiting.
     */
    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return Flux.defer(() -> new ResponsesExchange(options, http, request, mapper.map(request)).stream());
    }

    @Override
    public String toString() {
        return "OpenAiResponsesChatModel[" + options + "]";
    }
}
