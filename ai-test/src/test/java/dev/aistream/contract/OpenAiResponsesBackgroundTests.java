package dev.aistream.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.responses.OpenAiResponsesChatModel;
import dev.aistream.provider.responses.OpenAiResponsesOptions;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import dev.aistream.test.Transcript;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A background response goes on at the provider whatever the network does. */
class OpenAiResponsesBackgroundTests {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final ScriptedServer server = ScriptedServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private Flux<ChatEvent> stream(boolean background, int reconnects) {
        OpenAiResponsesOptions options = OpenAiResponsesOptions.builder()
                .http(ProviderHttpOptions.of(server.uri()))
                .apiKey("key")
                .model("m")
                .background(background)
                .reconnects(reconnects)
                .build();
        return new OpenAiResponsesChatModel(options, ContractClient.INSTANCE).stream(ChatRequest.of("Think long"));
    }

    private Transcript read(boolean background, int reconnects) {
        return Transcript.of(stream(background, reconnects), SOON);
    }

    private static String created() {
        return "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"model\":\"m\"}}";
    }

    private static String delta(int sequenceNumber, String text) {
        return "{\"type\":\"response.output_text.delta\",\"sequence_number\":" + sequenceNumber
                + ",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"" + text + "\"}";
    }

    private static String completed(int sequenceNumber) {
        return "{\"type\":\"response.completed\",\"sequence_number\":" + sequenceNumber
                + ",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[]}}";
    }

    private List<String> requests() {
        return server.exchanges().stream()
                .map(exchange -> exchange.method() + " " + exchange.path())
                .toList();
    }

    @Test
    void goesOnAfterCutsWithoutGapOrRepeat() {
        server.enqueue(
                Script.eventStream()
                        .event(created())
                        .event(delta(1, "a"))
                        .chunk("data: {\"type\":")
                        .close(),
                Script.eventStream().event(delta(2, "b")).event(delta(3, "c")).end(),
                Script.eventStream()
                        .event(delta(3, "c"))
                        .event(delta(4, "d"))
                        .event(completed(5))
                        .end());

        Transcript transcript = read(true, 1);

        assertThat(transcript.failure()).isNull();
        assertThat(transcript.violations()).isEmpty();
        assertThat(transcript.text()).isEqualTo("abcd");
        assertThat(requests())
                .containsExactly(
                        "POST /responses",
                        "GET /responses/resp_1?stream=true&starting_after=1",
                        "GET /responses/resp_1?stream=true&starting_after=3");
        assertThat(server.exchanges().get(1).header("Authorization")).isEqualTo("Bearer key");
        assertThat(server.exchanges().get(0).body()).contains("\"background\":true");
    }

    @Test
    void asksAgainWhereTheProviderIsAwayForAMoment() {
        server.enqueue(
                Script.eventStream().event(created()).event(delta(1, "a")).close(),
                Script.empty().close(),
                Script.json(503, "{\"error\":{\"message\":\"away\"}}"),
                Script.eventStream().event(delta(2, "b")).event(completed(3)).end());

        Transcript transcript = read(true, 3);

        assertThat(transcript.failure()).isNull();
        assertThat(transcript.text()).isEqualTo("ab");
    }

    @Test
    void givesUpAfterTheBoundWithoutNews() {
        server.enqueue(
                Script.eventStream().event(created()).event(delta(1, "a")).close());
        server.always(Script.eventStream().event(delta(1, "a")).end());

        Transcript transcript = read(true, 2);

        assertThat(transcript.text()).isEqualTo("a");
        assertThat(transcript.chatException().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(transcript.chatException().phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
        assertThat(server.requestCount()).isEqualTo(3);
    }

    @Test
    void failsAtOnceWhereTheProviderSaysSo() {
        server.enqueue(
                Script.eventStream().event(created()).event(delta(1, "a")).close(),
                Script.json(404, "{\"error\":{\"message\":\"no such response\"}}"));

        Transcript transcript = read(true, 5);

        assertThat(transcript.chatException().status()).isEqualTo(404);
        assertThat(transcript.chatException().phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void aResponseInTheForegroundIsNotAskedForAgain() {
        server.enqueue(
                Script.eventStream().event(created()).event(delta(1, "a")).close());

        Transcript transcript = read(false, 5);

        assertThat(transcript.chatException().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void cancelStopsItAtTheProvider() {
        CountDownLatch never = new CountDownLatch(1);
        server.enqueue(
                Script.eventStream().event(created()).event(delta(1, "a")).await(never),
                Script.json(200, "{\"id\":\"resp_1\",\"status\":\"cancelled\"}"));

        StepVerifier.create(stream(true, 5).ofType(ChatEvent.TextDelta.class))
                .expectNextCount(1)
                .thenCancel()
                .verify(SOON);

        server.takeExchange(SOON);
        Exchange cancellation = server.takeExchange(SOON);
        assertThat(cancellation.method() + " " + cancellation.path()).isEqualTo("POST /responses/resp_1/cancel");
        assertThat(cancellation.header("Authorization")).isEqualTo("Bearer key");
    }

    @Test
    void emitsNoMoreThanWasRequestedWhileItGoesOn() {
        server.enqueue(
                Script.eventStream().event(created()).event(delta(1, "a")).close(),
                Script.eventStream().event(delta(2, "b")).event(completed(3)).end());

        StepVerifier.create(stream(true, 5), 3)
                .expectNextCount(3)
                .thenRequest(1)
                .expectNextMatches(event -> event instanceof ChatEvent.TextDelta delta
                        && delta.text().equals("b"))
                .thenRequest(10)
                .expectNextCount(2)
                .expectComplete()
                .verify(SOON);
    }
}
