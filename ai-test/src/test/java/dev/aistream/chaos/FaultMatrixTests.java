package dev.aistream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.CallPolicy;
import dev.aistream.ChatStream;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatResponse;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import dev.aistream.test.Transcript;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * The fault matrix as a user of the template sees it: real sockets, default settings, Chat Completions. What one attempt
 * does under each fault is held by the tests of {@code dev.aistream.provider} and by the contract suite.
 */
class FaultMatrixTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 2000;
    private static final ProviderConnector NETWORK = ProviderConnector.create();

    private final ScriptedServer server = ScriptedServer.start();
    private final AiStreamingTemplate ai = template(CallPolicy.DEFAULT.withRetryInterval(Duration.ofMillis(1)));

    @AfterEach
    void close() {
        ai.close();
        server.close();
    }

    @AfterAll
    static void closeNetwork() {
        NETWORK.close();
    }

    @Test
    void refusedCallIsRepeatedUnseenWhenTheProvidersDelayIsOver() {
        server.enqueue(Script.json(429, error("rate_limit_exceeded"), "retry-after-ms: 300"), whole("at last"));
        long before = System.nanoTime();
        ChatStream stream = ai.stream("hello");
        assertThat(read(stream).text()).isEqualTo("at last");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        ChatResponse response = stream.response().block(SOON);
        assertThat(response.attempts()).hasSize(2);
        assertThat(response.attempts().get(0).failure().status()).isEqualTo(429);
        assertThat(response.attempts().get(1).failure()).isNull();
    }

    @Test
    void errorInTheFirstEventIsRepeatedUnseen() {
        server.enqueue(Script.eventStream().event(error("overloaded")).end(), whole("second try"));
        assertThat(read(ai.stream("hello")).text()).isEqualTo("second try");
        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void connectionLostBeforeTheHeadIsRepeatedUnseen() {
        server.enqueue(Script.empty().reset(), Script.empty().close(), whole("third try"));
        assertThat(read(ai.stream("hello")).text()).isEqualTo("third try");
        assertThat(server.requestCount()).isEqualTo(3);
    }

    @Test
    void attemptsEnd() {
        server.always(Script.json(503, error("down")));
        assertThat(read(ai.stream("hello")).chatException().status()).isEqualTo(503);
        assertThat(server.requestCount()).isEqualTo(1 + CallPolicy.DEFAULT.maxRetries());
    }

    @Test
    void exhaustedQuotaIsNeverRepeated() {
        server.always(Script.json(429, error("insufficient_quota")));
        ChatException failure = read(ai.stream("hello")).chatException();
        assertThat(failure.code()).isEqualTo("insufficient_quota");
        assertThat(failure.retryable()).isFalse();
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void cutAnswerIsNotGeneratedAgainAndComesWithWhatThereIs() {
        server.always(Script.eventStream()
                .event(text("half an "))
                .event(text("answer"))
                .close());
        Transcript transcript = read(ai.stream("hello"));
        ChatException failure = transcript.chatException();
        assertThat(transcript.text()).isEqualTo("half an answer");
        assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(failure.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
        assertThat(failure.partial().text()).isEqualTo("half an answer");
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"broke\",\"code\":\"x\"}}\n\n",
                "event: error\ndata: {\"error\":{\"message\":\"broke\",\"code\":\"x\"}}\n\n",
                "event: error\ndata: {\"message\":\"broke\",\"code\":\"x\"}\n\n",
                "data: {\"object\":\"error\",\"message\":\"broke\",\"code\":\"x\"}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],"
                        + "\"error\":{\"message\":\"broke\",\"code\":\"x\"}}\n\n",
                "error: {\"message\":\"broke\",\"code\":\"x\"}\n\n",
                "{\n  \"error\": {\n    \"message\": \"broke\",\n    \"code\": \"x\"\n  }\n}\n"
            })
    void errorOfAnyShapeIsOneErrorAfterTheTextBeforeIt(String error) {
        server.always(Script.eventStream()
                .event(text("before"))
                .chunk(error)
                .event(text("after"))
                .event("[DONE]")
                .end());
        Transcript transcript = read(ai.stream("hello"));
        assertThat(transcript.violations()).isEmpty();
        assertThat(transcript.text()).isEqualTo("before");
        assertThat(transcript.chatException().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(transcript.chatException()).hasMessageContaining("broke");
        assertThat(transcript.chatException().partial().text()).isEqualTo("before");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":null,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"}}]}\n\n" + END,
                "data: {\"choices\":[{\"delta\":{\"content\":\"ok\"}}]}\n\n" + END,
                "data: {\"x\":[{}],\"choices\":[{\"y\":1e9,\"index\":0,\"delta\":{\"content\":\"ok\",\"z\":null}}]}\n\n"
                        + END,
                "event: news\ndata: soon\n\nid: 7\nretry: soon\ndata: {\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"content\":\"ok\"}}]}\n\n" + END,
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\",\"tool_calls\":[]}}]}\n\n" + END,
                "\uFEFFdata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"}}]}\n\n" + END,
                ": hi\n\n:\ndata:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"}}]}\n: there\n\n" + END,
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}\r\r"
                        + "data: [DONE]\r\r",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}\n\n"
                        + "data: [DONE]"
            })
    void quirksOfProvidersAreNoFaults(String body) {
        server.always(Script.eventStream().chunk(body).end());
        Transcript transcript = read(ai.stream("hello"));
        assertThat(transcript.failure()).isNull();
        assertThat(transcript.violations()).isEmpty();
        assertThat(transcript.text()).isEqualTo("ok");
    }

    private static final String END =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n" + "data: [DONE]\n\n";

    @Test
    void secondReaderIsRefusedAndTheServerCountsOneCall() {
        server.always(whole("once"));
        ChatStream stream = ai.stream("hello");
        assertThat(read(stream).text()).isEqualTo("once");
        StepVerifier.create(stream.text())
                .expectError(IllegalStateException.class)
                .verify(SOON);
        StepVerifier.create(stream.events())
                .expectError(IllegalStateException.class)
                .verify(SOON);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void retryOnAViewIsRefusedAndTheServerCountsOneCall() {
        server.always(Script.eventStream().event(text("cut")).close());
        StepVerifier.create(ai.stream("hello").text().retry(3))
                .expectNext("cut")
                .expectError(IllegalStateException.class)
                .verify(SOON);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void responsesShareTheOneCallWheneverTheyAreAskedFor() {
        CountDownLatch rest = new CountDownLatch(1);
        server.always(Script.eventStream()
                .event(text("shared "))
                .await(rest)
                .event(text("answer"))
                .event("[DONE]")
                .end());
        ChatStream stream = ai.stream("hello");
        Mono<List<String>> early = Flux.range(0, 16)
                .flatMap(number -> stream.response().map(ChatResponse::text))
                .collectList()
                .cache();
        early.subscribe();
        server.takeExchange(SOON);
        rest.countDown();
        assertThat(early.block(SOON)).hasSize(16).containsOnly("shared answer");
        assertThat(stream.response().block(SOON).text()).isEqualTo("shared answer");
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void slowReaderIsNotCut() {
        server.always(Script.eventStream()
                .chunks(12, number -> "data: " + text(number + " ") + "\n\n")
                .event("[DONE]")
                .end());
        AiStreamingTemplate impatient = template(
                CallPolicy.DEFAULT,
                options().withIdleTimeout(Duration.ofMillis(150)).withGapTimeout(Duration.ofMillis(150)));
        StepVerifier.create(impatient.stream("hello")
                        .text()
                        .limitRate(1)
                        .concatMap(text -> Mono.just(text).delayElement(Duration.ofMillis(60)), 1)
                        .reduce("", String::concat))
                .expectNext("0 1 2 3 4 5 6 7 8 9 10 11 ")
                .expectComplete()
                .verify(SOON);
    }

    /** {@code -Dfaults.seconds=120} for two minutes on the clocks of a whole second. */
    @Test
    void steadyStreamIsNotCut() {
        int seconds = Integer.getInteger("faults.seconds", 0);
        Duration pace = seconds > 0 ? Duration.ofSeconds(1) : Duration.ofMillis(20);
        int tokens = seconds > 0 ? seconds : 100;
        Script script = Script.eventStream();
        for (int number = 0; number < tokens; number++) {
            script = script.event(text("x")).pause(pace);
        }
        server.always(script.event("[DONE]").end());
        Duration patience = pace.multipliedBy(50);
        AiStreamingTemplate template = seconds > 0
                ? ai
                : template(
                        CallPolicy.DEFAULT, options().withIdleTimeout(patience).withTimeout(patience));
        Transcript transcript = Transcript.of(template.stream("hello").events(), SOON.plusSeconds(seconds));
        assertThat(transcript.failure()).isNull();
        assertThat(transcript.text()).hasSize(tokens);
    }

    @Test
    void twoThousandStreamsAtOnceOnDefaultSettingsAreAllServed() {
        CountDownLatch all = new CountDownLatch(MANY);
        server.always(Script.eventStream()
                .event(text("one of "))
                .signal(all)
                .await(all)
                .event(text("many"))
                .event("[DONE]")
                .end());
        List<String> answers = Flux.range(0, MANY)
                .flatMap(number -> ai.stream("hello").text().reduce("", String::concat), MANY)
                .collectList()
                .block(Duration.ofSeconds(60));
        assertThat(answers).hasSize(MANY).containsOnly("one of many");
        assertThat(server.requestCount()).isEqualTo(MANY);
    }

    @Test
    void cancelledReaderClosesTheConnectionAndTheResponseSaysSo() {
        server.always(Script.eventStream().event(text("never")).await(new CountDownLatch(1)));
        ChatStream stream = ai.stream("hello");
        StepVerifier.create(stream.text()).expectNext("never").thenCancel().verify(SOON);
        server.takeExchange(SOON).awaitClientClosed(SOON);
        StepVerifier.create(stream.response())
                .expectErrorMatches(failure -> failure instanceof ChatException cancelled
                        && cancelled.kind() == Kind.CANCELLED
                        && Objects.requireNonNull(cancelled.partial()).text().equals("never"))
                .verify(SOON);
    }

    @Test
    void operatorThatThrowsClosesTheConnectionAndGetsItsOwnException() {
        server.always(Script.eventStream().endlessChunks(number -> "data: " + text("x") + "\n\n"));
        AtomicInteger seen = new AtomicInteger();
        StepVerifier.create(ai.stream("hello").text().map(text -> {
                    if (seen.incrementAndGet() == 3) {
                        throw new IllegalArgumentException("mine");
                    }
                    return text;
                }))
                .expectNextCount(2)
                .expectErrorMessage("mine")
                .verify(SOON);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void closedJavaStreamClosesTheConnection() {
        server.always(Script.eventStream().endlessChunks(number -> "data: " + text("x") + "\n\n"));
        try (Stream<String> words = ai.stream("hello").toStream()) {
            assertThat(words.limit(3).toList()).containsExactly("x", "x", "x");
        }
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void shutdownEndsOpenStreamsWithAFailureThatReachesTheirReaders() {
        server.always(Script.eventStream().event(text("open")).await(new CountDownLatch(1)));
        StepVerifier.create(ai.stream("hello").events())
                .expectNextMatches(ChatEvent.ResponseStart.class::isInstance)
                .expectNextCount(2)
                .then(() -> ai.shutdown(Duration.ZERO).subscribe())
                .expectErrorMatches(
                        failure -> failure instanceof ChatException shutdown && shutdown.kind() == Kind.SHUTDOWN)
                .verify(SOON);
        Exchange exchange = server.takeExchange(SOON);
        exchange.awaitClientClosed(SOON);
        assertThat(read(ai.stream("too late")).chatException().kind()).isEqualTo(Kind.SHUTDOWN);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    private static Transcript read(ChatStream stream) {
        return Transcript.of(stream.events(), SOON);
    }

    private AiStreamingTemplate template(CallPolicy policy) {
        return template(policy, options());
    }

    private static AiStreamingTemplate template(CallPolicy policy, ProviderHttpOptions options) {
        OpenAiOptions openAi =
                OpenAiOptions.builder().http(options).apiKey("test-key").build();
        ProviderHttpClient client = ProviderHttpClient.create(WebClient.builder(), NETWORK.connector());
        return AiStreamingTemplate.builder()
                .model(new OpenAiChatModel(openAi, client), policy)
                .build();
    }

    private ProviderHttpOptions options() {
        return ProviderHttpOptions.of(server.uri());
    }

    private static Script whole(String text) {
        return Script.eventStream().event(text(text)).event("[DONE]").end();
    }

    private static String text(String text) {
        return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
    }

    private static String error(String code) {
        return "{\"error\":{\"message\":\"it says " + code + "\",\"type\":\"server_error\",\"code\":\"" + code + "\"}}";
    }
}
