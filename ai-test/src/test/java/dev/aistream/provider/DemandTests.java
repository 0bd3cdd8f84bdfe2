package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the reader does not ask for stays with the provider; what it asks for comes, all of it and in order. */
class DemandTests extends ProviderTestKit {

    private static final long MIB = 1024 * 1024;
    private static final String TOKEN = "x".repeat(1000);

    @Test
    void providerStallsWhenTheReaderAsksForOneEventAndThenForNothing() {
        server.enqueue(Script.eventStream().endlessChunks(i -> "data: " + TOKEN + "\n\n"));
        AtomicInteger seen = new AtomicInteger();
        BaseSubscriber<ChatEvent> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ChatEvent event) {
                seen.incrementAndGet();
            }
        };
        stream().subscribe(reader);

        Exchange exchange = server.takeExchange(SOON);
        long written = exchange.awaitStall(Duration.ofMillis(500), Duration.ofSeconds(20));

        assertThat(seen).hasValue(1);
        assertThat(written).as("what socket buffers on both sides hold").isLessThan(16 * MIB);
        reader.cancel();
        exchange.awaitClientClosed(SOON);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 256})
    void everythingComesInOrderWhateverTheDemand(int demand) {
        int count = 3000;
        server.enqueue(Script.eventStream()
                .chunks(
                        count / 3,
                        i -> "data: " + 3 * i + "\n\ndata: " + (3 * i + 1) + "\n\ndata: " + (3 * i + 2) + "\n\n")
                .event("[DONE]")
                .end());

        Outcome outcome = read(stream().limitRate(demand, demand));

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < count; i++) {
            expected.append(i);
        }
        assertThat(outcome.text()).contains(expected);
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void demandFromAnotherThreadLosesNothing() throws InterruptedException {
        int count = 5000;
        server.enqueue(Script.eventStream()
                .chunks(count / 5, i -> "data: a\n\n".repeat(5))
                .event("[DONE]")
                .end());
        AtomicLong received = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        // Not an executor of the JDK's, whose queue has a lock: the network's thread must not wait for it.
        Scheduler other = Schedulers.newSingle("other");
        try {
            stream().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    other.schedule(() -> request(1));
                }

                @Override
                protected void hookOnNext(ChatEvent event) {
                    received.incrementAndGet();
                    other.schedule(() -> request(1));
                }

                @Override
                protected void hookOnComplete() {
                    done.countDown();
                }
            });
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            other.dispose();
        }
        assertThat(received).hasValue(count + 2);
    }

    @Test
    void aLargeAnswerIsReadWhole() {
        long chunks = 5_000;
        String token = TOKEN.repeat(4);
        server.enqueue(Script.eventStream()
                .chunks(chunks, i -> "data: " + token + "\n\n")
                .event("[DONE]")
                .end());
        AtomicLong chars = new AtomicLong();

        stream()
                .doOnNext(event -> {
                    if (event instanceof ChatEvent.TextDelta delta) {
                        chars.addAndGet(delta.text().length());
                    }
                })
                .blockLast(Duration.ofSeconds(60));

        assertThat(chars).hasValue(chunks * token.length());
    }

    @Test
    void twoThousandStreamsAtOnceAreAllServed() {
        int streams = 2000;
        CountDownLatch allOpen = new CountDownLatch(streams);
        CountDownLatch goOn = new CountDownLatch(1);
        server.always(
                Script.eventStream().event("hello").await(goOn).event("[DONE]").end());
        List<Throwable> failures = new CopyOnWriteArrayList<>();

        Long complete = Flux.range(0, streams)
                .flatMap(
                        i -> stream()
                                .doOnNext(event -> {
                                    if (event instanceof ChatEvent.TextDelta) {
                                        allOpen.countDown();
                                        if (allOpen.getCount() == 0) {
                                            goOn.countDown();
                                        }
                                    }
                                })
                                .doOnError(failures::add)
                                .last()
                                .onErrorComplete(),
                        streams)
                .count()
                .block(Duration.ofSeconds(60));

        assertThat(failures).isEmpty();
        assertThat(complete).isEqualTo(streams);
        assertThat(server.connectionCount()).isEqualTo(streams);
    }
}
