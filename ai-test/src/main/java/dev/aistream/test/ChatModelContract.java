package dev.aistream.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.Usage;
import dev.aistream.provider.ProviderHttpOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * What every {@link ChatModel} that streams over HTTP has to hold. Extend it, say how the model is built and what its
 * wire looks like, and run it as any JUnit class.
 *
 * <p>Every test talks to a {@link ScriptedServer}; no test needs a network, a key or more than a few seconds.
 */
public abstract class ChatModelContract extends ContractFixture {

    /** Longer than a busy machine stands still between two bytes that were sent together. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private static final int RACES = 200;

    @Test
    void sendsNothingBeforeTheSubscription() {
        server.always(whole(wire().answer("unasked")));
        Flux<ChatEvent> stream = model().stream(request());
        assertThat(stream).isNotNull();
        assertThat(server.requestCount()).isZero();
    }

    @Test
    void streamsTheAnswerToItsEnd() {
        ChatModel model = model();
        server.always(whole(wire().answer("Hello", " wörld", "\n", " 👩‍👩‍👧 \"quoted\" \\ ", "end ")));
        Transcript transcript = read(model);
        assertWhole(transcript, "Hello wörld\n 👩‍👩‍👧 \"quoted\" \\ end ");
        assertThat(transcript.start().provider()).isEqualTo(model.name());
        assertThat(transcript.start().head()).isNotNull();
        assertThat(transcript.end().finishReason()).isEqualTo(wire().finishReason());
    }

    @Test
    void tellsTheUsage() {
        if (wire().inputTokens() == null) {
            return;
        }
        server.always(whole(wire().answer("counted")));
        Usage usage = Objects.requireNonNull(read(model()).end().usage(), "usage");
        assertThat(usage.inputTokens()).isEqualTo(wire().inputTokens());
        assertThat(usage.outputTokens()).isEqualTo(wire().outputTokens());
        assertThat(usage.raw()).isNotEmpty();
    }

    @Test
    void sendsOneRequestForEachSubscription() {
        server.always(whole(wire().answer("again")));
        Flux<ChatEvent> stream = model().stream(request());
        assertWhole(Transcript.of(stream, SOON), "again");
        assertWhole(Transcript.of(stream, SOON), "again");
        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void servesManyAtOnce() {
        server.always(whole(wire().answer("one", " of", " many")));
        ChatModel model = model();
        List<String> texts = Flux.range(0, 64)
                .flatMap(
                        number -> model.stream(request())
                                .ofType(ChatEvent.TextDelta.class)
                                .reduce("", (text, delta) -> text + delta.text()),
                        64)
                .collectList()
                .block(SOON);
        assertThat(texts).hasSize(64).containsOnly("one of many");
    }

    @Test
    void givesTheSameEventsForEverySplit() {
        byte[] body = wire().answer("split", " é", " 😀", " me").getBytes(UTF_8);
        server.enqueue(whole(new String(body, UTF_8)));
        server.enqueue(
                head().chunks(body, IntStream.range(0, body.length).map(i -> 1).toArray())
                        .end());
        server.enqueue(head().chunks(
                        body, IntStream.range(0, body.length / 7).map(i -> 7).toArray())
                .end());
        ChatModel model = model();
        List<ChatEvent> whole = afterStart(read(model));
        assertThat(afterStart(read(model))).isEqualTo(whole);
        assertThat(afterStart(read(model))).isEqualTo(whole);
    }

    @Test
    void completesAtTheCompletionSignalThoughTheSocketStaysOpen() {
        server.always(head().chunk(wire().answer("done")).await(new CountDownLatch(1)));
        ChatModel model = model(options().withIdleTimeout(Duration.ofMinutes(5)));
        long before = System.nanoTime();
        assertWhole(read(model), "done");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void endOfFileWithoutCompletionSignalIsInterrupted() {
        assertCut(partial().end());
    }

    @Test
    void connectionClosedInsideTheBodyIsInterrupted() {
        assertCut(partial().close());
    }

    @Test
    void connectionResetIsInterrupted() {
        CountDownLatch read = new CountDownLatch(1);
        server.always(partial().await(read).reset());
        Transcript transcript = Transcript.of(
                model().stream(request()).doOnNext(event -> {
                    if (event instanceof ChatEvent.TextDelta delta
                            && delta.text().endsWith(" cut")) {
                        read.countDown();
                    }
                }),
                SOON);
        assertFailed(transcript, Kind.INTERRUPTED, "to be cut");
    }

    @Test
    void malformedHttpChunkIsInterrupted() {
        assertCut(partial().malformedChunk().close());
    }

    @Test
    void connectionClosedBeforeTheHeadIsAFailureOfTheConnection() {
        server.always(Script.empty().close());
        ChatException failure = failure(model(), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_FAILED);
        assertThat(failure.retryable()).isTrue();
        assertThat(server.requestCount()).as("no hidden second request").isEqualTo(1);
    }

    @Test
    void refusedConnectionIsToldAsSuch() throws IOException {
        ProviderHttpOptions nowhere;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            nowhere = ProviderHttpOptions.of(URI.create("http://127.0.0.1:" + taken.getLocalPort()));
        }
        ChatException failure = failure(model(nowhere), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_REFUSED);
    }

    @Test
    void errorInsideTheStreamEndsItAfterTheTextBeforeIt() {
        server.always(head().chunk(wire().begin() + wire().text("so far") + wire().error("it broke"))
                .chunk(wire().text("unseen"))
                .end());
        Transcript transcript = read(model());
        assertFailed(transcript, Kind.PROVIDER_ERROR, "so far");
        assertThat(transcript.failure()).hasMessageContaining("it broke");
    }

    @Test
    void errorAsFirstEventCanBeRetriedUnseen() {
        server.always(whole(wire().error("it broke")));
        Transcript transcript = read(model());
        assertThat(transcript.events()).isEmpty();
        assertThat(transcript.chatException().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(transcript.chatException().phase()).isEqualTo(Phase.BEFORE_FIRST_TOKEN);
    }

    @Test
    void errorInPlaceOfAStreamIsToldThoughTheSocketStaysOpen() {
        server.always(head().chunk(wire().errorBody("it broke").strip()).await(new CountDownLatch(1)));
        ChatException failure = failure(model(), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessageContaining("it broke");
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void malformedEventEndsTheStreamAfterTheTextBeforeIt() {
        server.always(head().chunk(wire().begin() + wire().text("so far") + wire().malformed())
                .chunk(wire().text("unseen"))
                .await(new CountDownLatch(1)));
        assertFailed(read(model()), Kind.MALFORMED, "so far");
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void statusIsToldWithRetryAfterAndTheProvidersMessage() {
        server.always(Script.json(429, wire().errorBody("too many"), "Retry-After: 7", "x-request-id: r-1"));
        ChatException failure = failure(model(), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure.requestId()).isEqualTo("r-1");
        assertThat(failure).hasMessageContaining("too many");
    }

    @Test
    void refusedKeyIsNotWorthARetry() {
        server.always(Script.json(401, wire().errorBody("bad key")));
        ChatException failure = failure(model(), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.status()).isEqualTo(401);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void pageOfAProxyIsAFailureOfItsStatus() {
        server.always(Script.response(502, "text/html", "<html><body>Bad gateway</body></html>"));
        ChatException failure = failure(model(), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void pageInPlaceOfAStreamIsNoEmptySuccess() {
        server.always(Script.response(200, "text/html", "<html><body>Log in first</body></html>"));
        assertThat(failure(model(), Phase.BEFORE_FIRST_TOKEN).kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
    }

    @Test
    void emptyBodyIsNoEmptySuccess() {
        server.always(head().end());
        assertThat(failure(model(), Phase.BEFORE_FIRST_TOKEN).kind()).isIn(Kind.NOT_EVENT_STREAM, Kind.INTERRUPTED);
    }

    @Test
    void failuresShowNeitherKeyNorPrompt() {
        String part = PROMPT.substring(4);
        String told = "refused " + PROMPT + " for " + API_KEY + ", see '" + part + "'";
        server.enqueue(Script.json(400, wire().errorBody(told)));
        server.enqueue(whole(wire().begin() + wire().text("x") + wire().error(told)));
        server.enqueue(Script.response(500, "text/html", "<p>" + told + "</p>"));
        ChatModel model = model();
        for (int call = 0; call < 3; call++) {
            ChatException failure = read(model).chatException();
            assertThat(failure.toString()).doesNotContain(API_KEY).doesNotContain(part);
            assertThat(String.valueOf(failure.getCause()))
                    .doesNotContain(API_KEY)
                    .doesNotContain(part);
        }
        assertThat(model.toString()).doesNotContain(API_KEY);
    }

    @Test
    void cancelBeforeTheHeadClosesTheConnection() {
        server.always(Script.empty().await(new CountDownLatch(1)));
        assertClosedAfterCancel(false);
    }

    /** A race, so it is tried often: some clients go on reading a response whose head crossed the cancel. */
    @Test
    void cancelAsTheHeadArrivesClosesTheConnection() {
        server.always(partial().await(new CountDownLatch(1)));
        ChatModel model = model();
        for (int number = 0; number < RACES; number++) {
            CancellingReader reader = new CancellingReader();
            model.stream(request()).subscribe(reader);
            Exchange exchange = server.takeExchange(SOON);
            reader.cancelNow();
            exchange.awaitClientClosed(SOON);
        }
    }

    @Test
    void cancelDuringSilenceClosesTheConnection() {
        server.always(partial().await(new CountDownLatch(1)));
        assertClosedAfterCancel(true);
    }

    @Test
    void cancelInTheMiddleOfABusyStreamClosesTheConnection() {
        // Long pieces, for a leak detector that notes where each buffer has been makes many small ones slow.
        String piece = wire().text("busy ".repeat(500));
        server.always(head().chunk(wire().begin() + piece).endlessChunks(number -> piece));
        assertClosedAfterCancel(true);
    }

    @Test
    void emitsNoMoreThanWasRequestedAndLeavesTheRestToTheSocket() {
        String piece = wire().text("x".repeat(4096));
        server.always(head().chunk(wire().begin() + piece).endlessChunks(number -> piece));
        StepVerifier.create(model().stream(request()), 0)
                .expectSubscription()
                .thenRequest(5)
                .expectNextCount(5)
                .then(() -> server.takeExchange(SOON).awaitStall(Duration.ofMillis(300), SOON))
                .thenRequest(2)
                .expectNextCount(2)
                .thenCancel()
                .verify(SOON);
        server.awaitNoConnections(SOON);
    }

    @Test
    void silenceBeforeTheHeadRunsIntoTheTimeout() {
        server.always(Script.empty().await(new CountDownLatch(1)));
        ChatException failure = failure(model(options().withTimeout(SHORT)), Phase.BEFORE_FIRST_TOKEN);
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void keepAliveIsNoFirstToken() {
        String keepAlive = wire().keepAlive();
        if (keepAlive == null) {
            return;
        }
        Script script = head();
        for (int number = 0; number < 200; number++) {
            script = script.chunk(keepAlive).pause(Duration.ofMillis(20));
        }
        server.always(script);
        ChatModel model = model(options().withFirstTokenTimeout(SHORT));
        assertThat(failure(model, Phase.BEFORE_FIRST_TOKEN).kind()).isEqualTo(Kind.FIRST_TOKEN_TIMEOUT);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void silenceAfterTextRunsIntoTheIdleTimeout() {
        server.always(partial().await(new CountDownLatch(1)));
        assertFailed(read(model(options().withIdleTimeout(SHORT))), Kind.IDLE_TIMEOUT, "to be cut");
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void clocksStandStillWhileTheReaderAsksForNothing() {
        CountDownLatch rest = new CountDownLatch(1);
        server.always(head().chunk(wire().begin() + wire().text("slow"))
                .await(rest)
                .chunk(wire().text(" reader") + wire().end())
                .end());
        ChatModel model = model(
                options().withIdleTimeout(SHORT).withFirstTokenTimeout(SHORT).withGapTimeout(SHORT));
        List<ChatEvent> events = new ArrayList<>();
        StepVerifier.create(model.stream(request()).doOnNext(events::add), 1)
                .expectNextCount(1)
                .then(() -> server.takeExchange(SOON).awaitStall(SHORT.multipliedBy(2), SOON))
                .then(rest::countDown)
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(event -> true)
                .expectComplete()
                .verify(SOON);
        assertWhole(Transcript.of(events, null), "slow reader");
    }
}
