package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.test.Script;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** With a pool of one connection, what becomes of it shows. */
class ConnectionPoolTests extends ProviderTestKit {

    private static final Script ANSWER = Script.eventStream().event("hello").event("[DONE]");

    @Override
    ProviderConnector.Builder connector(ProviderConnector.Builder builder) {
        return builder.maxConnections(1).pendingAcquireTimeout(Duration.ofMillis(300));
    }

    @Test
    void connectionIsUsedAgainWhenTheBodyEndsAfterDone() {
        server.always(ANSWER.end());

        for (int i = 0; i < 5; i++) {
            assertThat(read(stream()).complete()).isTrue();
        }

        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @Test
    void connectionIsUsedAgainWhenTheBodyEndsWithinFiftyMilliseconds() {
        server.always(ANSWER.pause(Duration.ofMillis(10)).end());

        assertThat(read(stream()).complete()).isTrue();
        assertThat(read(stream()).complete()).isTrue();

        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @Test
    void connectionIsUsedAgainWhenTheReaderLeavesOnTheLastEvent() {
        server.always(ANSWER.end());

        for (int i = 0; i < 3; i++) {
            assertThat(stream()
                            .takeUntil(event -> event instanceof ChatEvent.ResponseEnd)
                            .blockLast(SOON))
                    .isNotNull();
        }

        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @Test
    void connectionIsUsedAgainAfterARefusal() {
        server.always(Script.json(429, "{\"error\":{\"message\":\"slow down\"}}"));

        read(stream());
        read(stream());

        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @Test
    void connectionIsReplacedWhenTheBodyDoesNotEnd() {
        server.always(ANSWER);

        assertThat(read(stream()).complete()).isTrue();
        assertThat(read(stream()).complete()).isTrue();

        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void exhaustedPoolIsAFailureOfItsOwnKind() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        server.always(Script.eventStream().event("hello").pause(Duration.ofMinutes(1)));
        Disposable first = stream().subscribe(event -> begun.countDown());
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        Outcome second = read(stream());
        first.dispose();

        assertThat(second.failure().kind()).isEqualTo(Kind.POOL_EXHAUSTED);
        assertThat(second.failure().retryable()).isTrue();
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void exhaustedPoolIsToldFromASlowProviderWhateverTheTimeout() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        server.always(Script.eventStream().event("hello").pause(Duration.ofMinutes(1)));
        Disposable first = stream().subscribe(event -> begun.countDown());
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        Outcome second = read(client.stream(call(options -> options.withTimeout(Duration.ofMillis(100)))));
        first.dispose();

        assertThat(second.failure().kind()).isEqualTo(Kind.POOL_EXHAUSTED);
        assertThat(second.failure()).hasMessageContaining("100ms");
    }
}
