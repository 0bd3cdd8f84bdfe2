package dev.aistream.provider.simulated;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.TestMode;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import java.net.URI;
import java.util.Locale;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/**
 * Answers without a model, a key or a network: OpenAI's real request mapping, framing and decoding over a connector that
 * plays OpenAI's wire, in the mode of {@link ChatRequest#testMode()} or else of the options.
 */
public final class SimulatedChatModel implements ChatModel {

    public static final String NAME = "simulated";

    private static final URI NOWHERE = URI.create("http://simulated.invalid/v1");

    private final SimulatedOptions options;
    private final ChatModel model;

    public SimulatedChatModel(SimulatedOptions options) {
        this.options = options;
        OpenAiOptions openAi = OpenAiOptions.builder()
                .provider(NAME)
                .baseUrl(NOWHERE)
                .model(NAME)
                .build();
        SimulatedConnector connector = new SimulatedConnector(options.tokenInterval());
        this.model = new OpenAiChatModel(openAi, ProviderHttpClient.create(WebClient.builder(), connector));
    }

    @Override
    public String name() {
        return NAME;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Fragments come on a thread of Reactor's parallel scheduler, one per token interval as far as there is demand.
     */
    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        TestMode mode = request.testMode() != null ? request.testMode() : options.mode();
        return model.stream(request.mutate()
                .header(SimulatedConnector.MODE_HEADER, mode.name().toLowerCase(Locale.ROOT))
                .build());
    }

    @Override
    public String toString() {
        return "SimulatedChatModel[" + options + "]";
    }
}
