package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/** Cancelling closes the provider's connection within 100 ms, at any time and from any thread. */
class CancelTests extends ProviderTestKit {

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    /** Long, for leak detection makes each chunk slow. */
    private static final String FLOOD = "data: " + "token ".repeat(200) + "\n\n";

    /** So that what is measured is not the loading of classes. */
    @BeforeEach
    void warmUp() {
        server.enqueue(Script.eventStream().event("hello").event("[DONE]").end());
        read(stream());
        server.takeExchange(SOON);
    }

    @Test
    void closesBeforeTheHead() {
        server.enqueue(Script.empty());
        Reader reader = new Reader();
        stream().subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);

        assertClosedAtOnce(exchange, reader::leave);

        assertThat(reader.signals()).isZero();
    }

    @Test
    void sendsNothingWhenCancelledOnSubscription() {
        stream().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });

        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void closesDuringSilenceAfterTheHead() {
        server.enqueue(Script.eventStream().chunk(": hold on\n\n"));
        Reader reader = new Reader();
        stream().subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);
        exchange.awaitFinished(SOON);

        assertClosedAtOnce(exchange, reader::leave);
    }

    @Test
    void closesDuringSilenceAfterAToken() throws InterruptedException {
        server.enqueue(Script.eventStream().event("hello"));
        Reader reader = new Reader();
        stream().subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);
        reader.awaitEvents();

        assertClosedAtOnce(exchange, reader::leave);
    }

    @Test
    void closesInTheMiddleOfATokenFlood() throws InterruptedException {
        assertEachClosedAtOnce(FLOOD);
    }

    /** Thousands of them come with one read; noting where each has been would be most of the work. */
    @Test
    void closesInTheMiddleOfAFloodOfSmallChunks() throws InterruptedException {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        try {
            assertEachClosedAtOnce("data: x\n\n");
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private void assertEachClosedAtOnce(String chunk) throws InterruptedException {
        server.always(Script.eventStream().endlessChunks(i -> chunk));
        for (int i = 0; i < 5; i++) {
            Reader reader = new Reader();
            stream().subscribe(reader);
            Exchange exchange = server.takeExchange(SOON);
            reader.awaitEvents();
            assertClosedAtOnce(exchange, reader::leave);
            assertThat(reader.signalsAfterCancel()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void closesFromInsideASignal() {
        server.enqueue(Script.eventStream().endlessChunks(i -> FLOOD));
        AtomicInteger seen = new AtomicInteger();
        stream().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(ChatEvent event) {
                seen.incrementAndGet();
                cancel();
            }
        });

        server.takeExchange(SOON).awaitClientClosed(SOON);
        assertThat(seen).hasValue(1);
    }

    @Test
    void closesWithoutWaitingForASignalInProgress() throws InterruptedException {
        server.enqueue(Script.eventStream().event("hello"));
        CountDownLatch inSignal = new CountDownLatch(1);
        CountDownLatch leaveSignal = new CountDownLatch(1);
        Reader reader = new Reader() {
            @Override
            protected void hookOnNext(ChatEvent event) {
                inSignal.countDown();
                awaitUninterruptibly(leaveSignal);
            }
        };
        stream().publishOn(Schedulers.boundedElastic(), 1).subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);
        assertThat(inSignal.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertClosedAtOnce(exchange, reader::leave);
        leaveSignal.countDown();
    }

    @Test
    void closesOnceWhenCancelledTwiceFromTwoThreads() throws InterruptedException {
        server.enqueue(Script.eventStream().event("hello"));
        Reader reader = new Reader();
        stream().subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);
        reader.awaitEvents();

        assertClosedAtOnce(exchange, () -> {
            Thread other = new Thread(reader::leave);
            other.start();
            reader.leave();
            join(other);
        });
        assertThat(reader.ended()).isFalse();
    }

    private static void assertClosedAtOnce(Exchange exchange, Runnable cancel) {
        long start = System.nanoTime();
        cancel.run();
        assertThat(exchange.awaitClientClosed(SOON).since(start)).isLessThan(AT_ONCE);
    }

    private static void join(Thread thread) {
        try {
            thread.join(SOON.toMillis());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Reader extends BaseSubscriber<ChatEvent> {

        private final CountDownLatch events = new CountDownLatch(2);
        private final AtomicInteger signals = new AtomicInteger();
        private final AtomicInteger afterCancel = new AtomicInteger();
        private volatile boolean cancelled;
        private volatile boolean ended;

        @Override
        protected void hookOnNext(ChatEvent event) {
            signals.incrementAndGet();
            events.countDown();
            if (cancelled) {
                afterCancel.incrementAndGet();
            }
        }

        @Override
        protected void hookFinally(SignalType type) {
            ended |= type != SignalType.CANCEL;
        }

        void leave() {
            cancel();
            cancelled = true;
        }

        void awaitEvents() throws InterruptedException {
            assertThat(events.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        int signals() {
            return signals.get();
        }

        int signalsAfterCancel() {
            return afterCancel.get();
        }

        boolean ended() {
            return ended;
        }
    }
}
