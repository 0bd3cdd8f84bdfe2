package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;

/** Endings, claims and demand that meet on several threads. */
class CallRaceTests {

    private static final int ROUNDS = 2_000;
    private static final int THREADS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void exactlyOneOfManyReadersWins() throws Exception {
        for (int round = 0; round < ROUNDS / 10; round++) {
            TestModel model = TestModel.of(saying("Hello"));
            ChatStream stream = template(model).stream("Say hello");
            CyclicBarrier start = new CyclicBarrier(THREADS);
            CountDownLatch done = new CountDownLatch(THREADS);
            AtomicInteger completed = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < THREADS; i++) {
                Flux<?> view = i % 2 == 0 ? stream.text() : stream.events();
                threads.execute(() -> {
                    await(start);
                    view.doFinally(signal -> done.countDown())
                            .subscribe(
                                    item -> {},
                                    failure -> {
                                        assertThat(failure).isInstanceOf(IllegalStateException.class);
                                        refused.incrementAndGet();
                                    },
                                    completed::incrementAndGet);
                });
            }

            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(completed).hasValue(1);
            assertThat(refused).hasValue(THREADS - 1);
            assertThat(model.calls()).isOne();
        }
    }

    @Test
    void cancelAgainstCompletionEndsOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            Sinks.Many<ChatEvent> provider = provider();
            Endings listener = new Endings();
            Reader reader = new Reader();
            ChatStream stream = listener.template(provider.asFlux()).stream("Hello");
            stream.events().subscribe(reader);
            provider.tryEmitNext(Answers.start());

            RaceTestUtils.race(reader::cancel, () -> {
                provider.tryEmitNext(Answers.end());
                provider.tryEmitComplete();
            });

            assertThat(listener.endings).hasValue(1);
            assertThat(reader.endings.get()).isLessThanOrEqualTo(1);
            assertOneOutcome(stream);
        }
    }

    @Test
    void shutdownAgainstFailureEndsOnceForTheReaderToo() {
        for (int round = 0; round < ROUNDS; round++) {
            Sinks.Many<ChatEvent> provider = provider();
            Endings listener = new Endings();
            Reader reader = new Reader();
            AiStreamingTemplate template = listener.template(provider.asFlux());
            ChatStream stream = template.stream("Hello");
            stream.events().subscribe(reader);
            provider.tryEmitNext(Answers.start());

            RaceTestUtils.race(template::close, () -> provider.tryEmitError(Answers.busy()));

            assertThat(listener.endings).hasValue(1);
            assertThat(reader.endings).hasValue(1);
            assertOneOutcome(stream);
        }
    }

    @Test
    void endingWaitsForTheEventThatIsBeingDelivered() throws Exception {
        Sinks.Many<ChatEvent> provider = provider();
        CountDownLatch delivering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Reader reader = new Reader() {
            @Override
            public void onNext(ChatEvent event) {
                delivering.countDown();
                awaitLatch(goOn);
                super.onNext(event);
            }
        };
        AiStreamingTemplate template = new Endings().template(provider.asFlux());
        template.stream("Hello").events().subscribe(reader);
        threads.execute(() -> provider.tryEmitNext(Answers.start()));
        assertThat(delivering.await(10, TimeUnit.SECONDS)).isTrue();

        template.close();
        assertThat(reader.signals).isEmpty();
        goOn.countDown();
        assertThat(reader.ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.signals).containsExactly("onNext", "onError");
    }

    @Test
    void noMoreThanTheEventInProgressComesAfterCancelHasReturned() {
        for (int round = 0; round < ROUNDS; round++) {
            AtomicBoolean cancelled = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            Sinks.Many<ChatEvent> provider = provider();
            Reader reader = new Reader() {
                @Override
                public void onNext(ChatEvent event) {
                    if (cancelled.get()) {
                        late.incrementAndGet();
                    }
                    super.onNext(event);
                }
            };
            new Endings().template(provider.asFlux()).stream("Hello").events().subscribe(reader);

            RaceTestUtils.race(
                    () -> {
                        reader.cancel();
                        cancelled.set(true);
                    },
                    () -> {
                        provider.tryEmitNext(Answers.start());
                        provider.tryEmitNext(Answers.text("a"));
                        provider.tryEmitNext(Answers.text("b"));
                    });

            assertThat(late.get()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void demandOfAReaderIsNotLostBetweenAttemptAndAnswer() {
        for (int round = 0; round < ROUNDS; round++) {
            Sinks.Many<ChatEvent> provider = provider();
            Reader reader = new Reader(0);
            new Endings().template(provider.asFlux()).stream("Hello").events().subscribe(reader);
            for (ChatEvent event : List.of(Answers.start(), Answers.text("a"), Answers.text("b"), Answers.end())) {
                provider.tryEmitNext(event);
            }

            RaceTestUtils.race(() -> reader.subscription.request(2), () -> reader.subscription.request(2));

            assertThat(reader.signals).hasSize(5).endsWith("onComplete");
        }
    }

    @Test
    void openedStreamKeepsItsOrderWhenDemandAndEventsMeet() {
        for (int round = 0; round < ROUNDS / 4; round++) {
            ChatStream stream = template(TestModel.of(saying("a", "b", "c").publishOn(Schedulers.parallel())))
                    .open("Hello")
                    .block(SOON);
            Reader reader = new Reader(0);
            stream.events().subscribe(reader);

            RaceTestUtils.race(() -> reader.subscription.request(3), () -> reader.subscription.request(10));

            awaitLatch(reader.ended);
            assertThat(reader.signals).hasSize(8).endsWith("onComplete");
            assertThat(reader.events.stream()
                            .filter(ChatEvent.TextDelta.class::isInstance)
                            .map(event -> ((ChatEvent.TextDelta) event).text()))
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void concurrentResponsesShareOneCall() throws Exception {
        for (int round = 0; round < ROUNDS / 10; round++) {
            TestModel model = TestModel.of(saying("Hello"));
            ChatStream stream = template(model).stream("Say hello");
            CyclicBarrier start = new CyclicBarrier(THREADS);
            CountDownLatch done = new CountDownLatch(THREADS);
            Queue<String> texts = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < THREADS; i++) {
                threads.execute(() -> {
                    await(start);
                    stream.response()
                            .doFinally(signal -> done.countDown())
                            .subscribe(response -> texts.add(response.text()));
                });
            }

            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(texts).hasSize(THREADS).containsOnly("Hello");
            assertThat(model.calls()).isOne();
        }
    }

    private static void assertOneOutcome(ChatStream stream) {
        AtomicInteger outcomes = new AtomicInteger();
        stream.response()
                .doOnTerminate(outcomes::incrementAndGet)
                .onErrorComplete(ChatException.class)
                .block(SOON);
        assertThat(outcomes).hasValue(1);
    }

    private static Sinks.Many<ChatEvent> provider() {
        return Sinks.unsafe().many().unicast().onBackpressureBuffer();
    }

    private static AiStreamingTemplate template(TestModel model) {
        return AiStreamingTemplate.builder().model(model).build();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Counts how often a call is said to have ended. */
    private static final class Endings implements ChatCallListener {

        private final AtomicInteger endings = new AtomicInteger();

        private AiStreamingTemplate template(Flux<ChatEvent> provider) {
            return AiStreamingTemplate.builder()
                    .model(TestModel.of(provider))
                    .listener(this)
                    .build();
        }

        @Override
        public void ended(Attempt attempt, Outcome outcome) {
            endings.incrementAndGet();
        }
    }

    /** Notes what it is told, in order. */
    private static class Reader implements CoreSubscriber<ChatEvent> {

        final List<String> signals = new ArrayList<>();
        final List<ChatEvent> events = new ArrayList<>();
        final AtomicInteger endings = new AtomicInteger();
        final CountDownLatch ended = new CountDownLatch(1);
        private final long demand;
        volatile Subscription subscription;

        Reader() {
            this(Long.MAX_VALUE);
        }

        Reader(long demand) {
            this.demand = demand;
        }

        void cancel() {
            subscription.cancel();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            if (demand > 0) {
                subscription.request(demand);
            }
        }

        @Override
        public void onNext(ChatEvent event) {
            signals.add("onNext");
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            end("onError");
        }

        @Override
        public void onComplete() {
            end("onComplete");
        }

        private void end(String signal) {
            signals.add(signal);
            endings.incrementAndGet();
            ended.countDown();
        }
    }
}
