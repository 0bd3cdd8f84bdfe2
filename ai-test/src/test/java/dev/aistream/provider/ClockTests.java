package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.test.Script;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Each silence is ended by its own clock, which closes the connection; a healthy stream and a slow reader by none. */
class ClockTests extends ProviderTestKit {

    /** Longer than a busy machine stands still between two bytes that were sent together. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private Flux<ChatEvent> stream(UnaryOperator<ProviderHttpOptions> clocks) {
        return client.stream(call(clocks));
    }

    private void assertExpires(Kind kind, Phase phase, Flux<ChatEvent> stream) {
        long start = System.nanoTime();

        Outcome outcome = read(stream);

        assertThat(outcome.failure().kind()).isEqualTo(kind);
        assertThat(outcome.failure().phase()).isEqualTo(phase);
        assertThat(outcome.failure().retryable()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(SHORT)
                .isLessThan(SOON);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void silenceBeforeTheHeadIsTimeout() {
        server.enqueue(Script.empty());

        assertExpires(Kind.TIMEOUT, Phase.BEFORE_FIRST_TOKEN, stream(options -> options.withTimeout(SHORT)));
    }

    @Test
    void silenceAfterTheHeadIsFirstTokenTimeout() {
        server.enqueue(Script.eventStream());

        assertExpires(
                Kind.FIRST_TOKEN_TIMEOUT,
                Phase.BEFORE_FIRST_TOKEN,
                stream(options -> options.withFirstTokenTimeout(SHORT)));
    }

    @Test
    void silenceAfterTheHeadIsIdleTimeoutWhereThatIsShorter() {
        server.enqueue(Script.eventStream());

        assertExpires(Kind.IDLE_TIMEOUT, Phase.BEFORE_FIRST_TOKEN, stream(options -> options.withIdleTimeout(SHORT)));
    }

    @Test
    void silenceAfterATokenIsIdleTimeout() {
        server.enqueue(Script.eventStream().event("hello"));

        assertExpires(Kind.IDLE_TIMEOUT, Phase.AFTER_FIRST_TOKEN, stream(options -> options.withIdleTimeout(SHORT)));
    }

    @Test
    void silenceInTheMiddleOfALineIsIdleTimeout() {
        server.enqueue(Script.eventStream().event("hello").chunk("data: wor"));

        assertExpires(Kind.IDLE_TIMEOUT, Phase.AFTER_FIRST_TOKEN, stream(options -> options.withIdleTimeout(SHORT)));
    }

    @Test
    void endlessCommentsAreFirstTokenTimeout() {
        server.enqueue(paced(Script.eventStream(), ": still there\n\n", 400));

        assertExpires(
                Kind.FIRST_TOKEN_TIMEOUT,
                Phase.BEFORE_FIRST_TOKEN,
                stream(options -> options.withFirstTokenTimeout(SHORT)));
    }

    @Test
    void endlessEmptyDeltasAreFirstTokenTimeout() {
        server.enqueue(paced(Script.eventStream(), "data:\n\n", 400));

        assertExpires(
                Kind.FIRST_TOKEN_TIMEOUT,
                Phase.BEFORE_FIRST_TOKEN,
                stream(options -> options.withFirstTokenTimeout(SHORT)));
    }

    @Test
    void aFloodOfCommentsIsFirstTokenTimeout() {
        server.enqueue(Script.eventStream().endlessChunks(i -> ": " + "still there ".repeat(100) + "\n\n"));

        assertExpires(
                Kind.FIRST_TOKEN_TIMEOUT,
                Phase.BEFORE_FIRST_TOKEN,
                stream(options -> options.withFirstTokenTimeout(SHORT)));
    }

    @Test
    void endlessEmptyDeltasAfterATokenAreGapTimeout() {
        server.enqueue(paced(Script.eventStream().event("hello"), "data:\n\n", 400));

        assertExpires(Kind.GAP_TIMEOUT, Phase.AFTER_FIRST_TOKEN, stream(options -> options.withGapTimeout(SHORT)));
    }

    @Test
    void doneWithoutLineEndInASilentBodyCompletesWhenTheIdleClockRunsOut() {
        server.enqueue(Script.eventStream().event("hello").chunk("data: [DONE]"));

        Outcome outcome = read(stream(options -> options.withIdleTimeout(SHORT)));

        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void aHealthyStreamIsNotCut() {
        Duration longerThanAnyPause = Duration.ofSeconds(3);
        server.enqueue(
                paced(Script.eventStream(), "data: a\n\n", 160).event("[DONE]").end());

        Outcome outcome = read(stream(options -> options.withFirstTokenTimeout(longerThanAnyPause)
                .withIdleTimeout(longerThanAnyPause)
                .withGapTimeout(longerThanAnyPause)));

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.text()).hasSize(160);
    }

    @Test
    void aReaderThatAsksForNothingIsNotCut() {
        server.enqueue(
                Script.eventStream().event("a").event("b").event("[DONE]").end());

        StepVerifier.create(
                        stream(options -> options.withFirstTokenTimeout(SHORT)
                                .withIdleTimeout(SHORT)
                                .withGapTimeout(SHORT)),
                        0)
                .expectSubscription()
                .expectNoEvent(SHORT.multipliedBy(2))
                .thenRequest(2)
                .expectNextCount(2)
                .expectNoEvent(SHORT.multipliedBy(2))
                .thenRequest(1)
                .expectNextCount(1)
                .expectNoEvent(SHORT.multipliedBy(2))
                .thenRequest(1)
                .expectNextCount(1)
                .expectComplete()
                .verify(SOON);
    }

    private static Script paced(Script script, String chunk, int times) {
        Script paced = script;
        for (int i = 0; i < times; i++) {
            paced = paced.chunk(chunk).pause(Duration.ofMillis(25));
        }
        return paced;
    }
}
