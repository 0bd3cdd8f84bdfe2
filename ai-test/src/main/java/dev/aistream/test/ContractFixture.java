package dev.aistream.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderHttpOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What {@link ChatModelContract} is told about a model, and the server that it lets the model talk to. */
abstract class ContractFixture {

    /** Key that the model is to be built with; no failure may show it. */
    protected static final String API_KEY = "sk-contract-0123456789abcdef";

    /** Prompt of every request; no failure may show it. */
    protected static final String PROMPT = "the prompt nobody else may read";

    static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration CLOSED_WITHIN = Duration.ofMillis(100);
    private static final int TRIES = 3;

    /** The server that the model talks to; closed after each test. */
    protected final ScriptedServer server = ScriptedServer.start();

    /**
     * The model under test.
     * @param options base URL of the server, and the clocks to use
     */
    protected abstract ChatModel model(ProviderHttpOptions options);

    /** How the provider answers. */
    protected abstract WireFormat wire();

    /** What to ask; the answer does not depend on it. Keep {@link #PROMPT}: failures are searched for it. */
    protected ChatRequest request() {
        return ChatRequest.builder().model("contract-model").prompt(PROMPT).build();
    }

    @AfterEach
    final void closeServer() {
        server.close();
    }

    void assertCut(Script script) {
        server.always(script);
        assertFailed(read(model()), Kind.INTERRUPTED, "to be cut");
    }

    static void assertWhole(Transcript transcript, String text) {
        assertThat(transcript.failure()).isNull();
        assertThat(transcript.violations()).isEmpty();
        assertThat(transcript.text()).isEqualTo(text);
    }

    static void assertFailed(Transcript transcript, Kind kind, String text) {
        assertThat(transcript.violations()).isEmpty();
        assertThat(transcript.chatException().kind()).isEqualTo(kind);
        assertThat(transcript.chatException().phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
        assertThat(transcript.text()).isEqualTo(text);
    }

    ChatException failure(ChatModel model, Phase phase) {
        Transcript transcript = read(model);
        assertThat(transcript.violations()).isEmpty();
        assertThat(transcript.chatException().phase()).isEqualTo(phase);
        assertThat(transcript.events()).isEmpty();
        return transcript.chatException();
    }

    /** After a first try, for what counts is not the loading of classes, each has to keep the limit. */
    void assertClosedAfterCancel(boolean afterText) {
        ChatModel model = model();
        cancelAndAwaitClose(model, afterText);
        for (int number = 0; number < TRIES; number++) {
            assertThat(cancelAndAwaitClose(model, afterText)).isLessThanOrEqualTo(CLOSED_WITHIN);
        }
    }

    private Duration cancelAndAwaitClose(ChatModel model, boolean afterText) {
        CancellingReader reader = new CancellingReader();
        model.stream(request()).subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);
        if (afterText) {
            reader.awaitText(SOON);
        }
        long cancelled = reader.cancelNow();
        ClientClose close = exchange.awaitClientClosed(SOON);
        reader.assertSilentSinceCancel();
        return close.since(cancelled);
    }

    Transcript read(ChatModel model) {
        return Transcript.of(model.stream(request()), SOON);
    }

    ChatModel model() {
        return model(options());
    }

    ProviderHttpOptions options() {
        return ProviderHttpOptions.of(server.uri());
    }

    Script head() {
        return Script.chunked(wire().contentType());
    }

    Script whole(String body) {
        return head().chunk(body).end();
    }

    Script partial() {
        return head().chunk(wire().begin() + wire().text("to be")).chunk(wire().text(" cut"));
    }

    /** What follows the start, which alone knows the head. */
    static List<ChatEvent> afterStart(Transcript transcript) {
        assertThat(transcript.violations()).isEmpty();
        return transcript.events().subList(1, transcript.events().size());
    }
}
