package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt has one ending, and it is the right one, whatever the connection does. */
class EndOfStreamTests extends ProviderTestKit {

    private static Script hello() {
        return Script.eventStream().event("hel").event("lo");
    }

    @Test
    void sendsMethodHeadersAndBody() {
        server.enqueue(hello().event("[DONE]").end());

        read(stream());

        Exchange exchange = server.takeExchange(SOON);
        assertThat(exchange.method()).isEqualTo("POST");
        assertThat(exchange.path()).isEqualTo("/v1/chat");
        assertThat(exchange.header("Authorization")).isEqualTo("Bearer sk-test-1234567890");
        assertThat(exchange.header("Accept")).isEqualTo("text/event-stream");
        assertThat(exchange.header("Content-Type")).isEqualTo("application/json");
        assertThat(exchange.header("Content-Length")).isEqualTo("15");
        assertThat(exchange.body()).isEqualTo("{\"stream\":true}");
    }

    @Test
    void completesOnDone() {
        server.enqueue(hello().event("[DONE]").end());

        Outcome outcome = read(stream());

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void completesAtOnceWhenTheSocketStaysOpenAfterDone() {
        server.enqueue(hello().event("[DONE]"));

        long start = System.nanoTime();
        Outcome outcome = read(stream());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        assertThat(outcome.complete()).isTrue();
        assertThat(taken).isLessThan(Duration.ofSeconds(2));
        Exchange exchange = server.takeExchange(SOON);
        exchange.awaitClientClosed(Duration.ofSeconds(1));
    }

    @Test
    void closesTheConnectionFiftyMillisecondsAfterDoneEvenIfJunkFollows() {
        server.enqueue(hello().event("[DONE]").endlessChunks(i -> ": " + "junk ".repeat(200) + "\n\n"));

        long start = System.nanoTime();
        assertThat(read(stream()).complete()).isTrue();

        Duration open = server.takeExchange(SOON).awaitClientClosed(SOON).since(start);
        assertThat(open).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void emitsNothingOfWhatFollowsDone() {
        server.enqueue(Script.eventStream()
                .chunk("data: hello\n\ndata: [DONE]\n\ndata: more\n\n")
                .event("again")
                .end());

        Outcome outcome = read(stream());

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: [DONE]", "data:[DONE]\n", "data: [DONE]\r\n"})
    void completesWhenTheLastBlankLineIsMissing(String last) {
        server.enqueue(hello().chunk(last).end());

        assertThat(read(stream()).complete()).isTrue();
    }

    @Test
    void completesWhenTheConnectionBreaksAfterAnUnterminatedDone() {
        server.enqueue(hello().chunk("data: [DONE]").close());

        Outcome outcome = read(stream());

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void completesWhenTheBodyEndsAfterAFinishReason() {
        server.enqueue(hello().event("<finish>").end());

        assertThat(read(stream()).complete()).isTrue();
    }

    @Test
    void completesAfterTheGraceWhenNothingFollowsAFinishReason() {
        server.enqueue(hello().event("<finish>"));

        assertThat(read(stream()).complete()).isTrue();
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void cleanEndWithoutCompletionSignalIsInterrupted() {
        server.enqueue(hello().end());

        assertInterrupted(read(stream()));
    }

    @Test
    void endInTheMiddleOfAnEventIsInterrupted() {
        server.enqueue(hello().chunk("data: wor").end());

        assertInterrupted(read(stream()));
    }

    @Test
    void finWithoutLastChunkIsInterrupted() {
        server.enqueue(hello().close());

        assertInterrupted(read(stream()));
    }

    @Test
    void resetIsInterrupted() {
        CountDownLatch arrived = new CountDownLatch(1);
        server.enqueue(hello().await(arrived).reset());

        assertInterrupted(read(stream().doOnNext(event -> arrived.countDown())));
    }

    @Test
    void malformedHttpChunkIsInterrupted() {
        server.enqueue(hello().malformedChunk().close());

        assertInterrupted(read(stream()));
    }

    @Test
    void endBeforeAnyOutputIsInterruptedBeforeTheFirstToken() {
        server.enqueue(Script.eventStream().chunk(": comment\n\n").end());

        Outcome outcome = read(stream());

        assertThat(outcome.events()).isEmpty();
        assertThat(outcome.failure().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(outcome.failure().phase()).isEqualTo(Phase.BEFORE_FIRST_TOKEN);
        assertThat(outcome.failure().retryable()).isTrue();
    }

    private static void assertInterrupted(Outcome outcome) {
        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.failure().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(outcome.failure().phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
        assertThat(outcome.failure().head().status()).isEqualTo(200);
    }
}
