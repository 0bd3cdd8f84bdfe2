package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;
import reactor.test.publisher.TestPublisher;
import reactor.test.util.RaceTestUtils;

/** Network, reader and canceller at the same time: nothing is lost, overlaps or leaks. */
class ExchangeFluxRaceTests {

    private static final int ROUNDS = 2000;

    private final Buffers buffers = new Buffers();

    private TestPublisher<DataBuffer> body() {
        return TestPublisher.createNoncompliant(
                TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.CLEANUP_ON_TERMINATE);
    }

    @Test
    void requestRacesWithTheNetwork() {
        for (int round = 0; round < ROUNDS; round++) {
            TestPublisher<DataBuffer> body = body();
            Reader reader = new Reader(1);
            ExchangeFluxTests.decoding(body.flux()).subscribe(reader);

            RaceTestUtils.race(() -> body.next(buffers.of("abc")).next(buffers.of("de.")), () -> {
                for (int i = 0; i < 10; i++) {
                    reader.request(1);
                }
            });

            assertThat(reader.events).hasValue(6);
            assertThat(reader.ends).hasValue(1);
            assertThat(reader.overlapped).isFalse();
        }
        buffers.assertReleased();
    }

    @Test
    void cancelRacesWithTheNetwork() {
        for (int round = 0; round < ROUNDS; round++) {
            TestPublisher<DataBuffer> body = body();
            Reader reader = new Reader(Long.MAX_VALUE);
            ExchangeFluxTests.decoding(body.flux()).subscribe(reader);

            RaceTestUtils.race(
                    () -> body.next(buffers.of("abc")).next(buffers.of("de")),
                    () -> {
                        reader.cancel();
                        reader.cancelReturned = true;
                    },
                    reader::cancel);

            body.assertCancelled();
            assertThat(reader.afterCancel).as("the signal in progress").isLessThanOrEqualTo(1);
            assertThat(reader.overlapped).isFalse();
        }
        buffers.assertReleased();
    }

    @Test
    void cancelRacesWithSubscription() {
        for (int round = 0; round < ROUNDS; round++) {
            TestPublisher<DataBuffer> body = body();
            Reader reader = new Reader(1);

            RaceTestUtils.race(() -> ExchangeFluxTests.decoding(body.flux()).subscribe(reader), reader::cancel);
            reader.cancel();

            assertThat(body.wasSubscribed()).isEqualTo(body.wasCancelled());
        }
    }

    @Test
    void cancelBeforeTheHeadRacesWithSubscription() {
        for (int round = 0; round < ROUNDS; round++) {
            TestPublisher<Void> opening =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            Reader reader = new Reader(1);

            RaceTestUtils.race(
                    () -> new ExchangeFlux(ExchangeFluxTests.CALL, listener -> opening.mono()).subscribe(reader),
                    reader::cancel);
            reader.cancel();

            assertThat(opening.wasSubscribed()).isEqualTo(opening.wasCancelled());
        }
    }

    private static final class Reader extends BaseSubscriber<ChatEvent> {

        private final long demand;
        private final AtomicInteger events = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicBoolean busy = new AtomicBoolean();
        private volatile boolean overlapped;
        private volatile boolean cancelReturned;
        private volatile int afterCancel;

        Reader(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(demand);
        }

        @Override
        protected void hookOnNext(ChatEvent event) {
            if (cancelReturned) {
                afterCancel++;
            }
            overlapped |= !busy.compareAndSet(false, true);
            events.incrementAndGet();
            busy.set(false);
        }

        @Override
        protected void hookFinally(SignalType type) {
            ends.incrementAndGet();
        }
    }
}
