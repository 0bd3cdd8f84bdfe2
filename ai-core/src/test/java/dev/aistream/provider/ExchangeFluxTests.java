package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ResponseHead;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class ExchangeFluxTests {

    static final ProviderCall CALL = ProviderCall.post(URI.create("http://provider/chat"))
            .decoder(head -> new LetterDecoder())
            .build();
    static final ResponseHead HEAD = new ResponseHead(200, Map.of());

    private static final Duration SOON = Duration.ofSeconds(5);

    private final Buffers buffers = new Buffers();
    private final TestPublisher<DataBuffer> body = TestPublisher.create();

    @AfterEach
    void everyBufferIsReleased() {
        buffers.assertReleased();
    }

    static Flux<ChatEvent> decoding(Publisher<DataBuffer> body) {
        Exchange exchange = listener -> {
            listener.sending();
            listener.accepted(HEAD, new LetterDecoder(), Flux.from(body));
            return Mono.never();
        };
        return new ExchangeFlux(CALL, exchange);
    }

    private Flux<String> letters() {
        return letters(decoding(body.flux()));
    }

    static Flux<String> letters(Flux<ChatEvent> events) {
        return events.map(event -> event instanceof ChatEvent.TextDelta delta ? delta.text() : ".");
    }

    private static void assertFails(Throwable failure, Kind kind, Phase phase) {
        assertThat(failure).isInstanceOf(ChatException.class);
        assertThat(((ChatException) failure).kind()).isEqualTo(kind);
        assertThat(((ChatException) failure).phase()).isEqualTo(phase);
    }

    @Test
    void keepsWhatTheReaderHasNotAskedFor() {
        StepVerifier.create(letters(), 0)
                .then(() -> body.assertMaxRequested(0))
                .thenRequest(1)
                .then(() -> body.next(buffers.of("abc")))
                .expectNext("a")
                .thenRequest(1)
                .expectNext("b")
                .then(() -> body.assertMaxRequested(1))
                .thenRequest(2)
                .expectNext("c")
                .then(() -> body.assertMinRequested(1).next(buffers.of("d.")))
                .expectNext("d")
                .thenRequest(1)
                .expectNext(".")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void asksForAnotherBufferWhenOneHeldNoEvent() {
        StepVerifier.create(letters(), 1)
                .then(() -> body.next(buffers.of(":")))
                .then(() -> body.assertMinRequested(1).next(buffers.of("a")))
                .expectNext("a")
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void readsAheadByABoundedBatchForAReaderThatTakesEverything() {
        StepVerifier.create(letters())
                .then(() -> body.assertMinRequested(Inlet.BATCH).assertMaxRequested(Inlet.BATCH))
                .then(() -> IntStream.range(0, 100).forEach(i -> body.next(buffers.of("a"))))
                .expectNextCount(100)
                .then(() -> body.assertMaxRequested(Inlet.BATCH))
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void readsASynchronousBodyWithoutDeepRecursion() {
        Flux<DataBuffer> synchronous =
                Flux.range(0, 10_000).map(i -> buffers.of("a")).concatWith(Mono.fromSupplier(() -> buffers.of(".")));

        StepVerifier.create(letters(decoding(synchronous)).limitRate(1), Long.MAX_VALUE)
                .expectNextCount(10_001)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void completesBeforeTheBodyEnds() {
        StepVerifier.create(letters())
                .then(() -> body.next(buffers.of("a.b")))
                .expectNext("a", ".")
                .expectComplete()
                .verify(SOON);

        body.assertNotCancelled();
        body.next(buffers.of("junk")).complete();
        body.assertNotCancelled();
    }

    @Test
    void completesWhenTheLastEventIsRead() {
        StepVerifier.create(letters(), 1)
                .then(() -> body.next(buffers.of("ab.")).complete())
                .expectNext("a")
                .thenRequest(2)
                .expectNext("b", ".")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void deliversWhatCameBeforeTheFailure() {
        StepVerifier.create(letters(), 1)
                .then(() -> body.next(buffers.of("ab!c")))
                .expectNext("a")
                .then(body::assertCancelled)
                .thenRequest(1)
                .expectNext("b")
                .expectErrorSatisfies(failure -> assertFails(failure, Kind.MALFORMED, Phase.AFTER_FIRST_TOKEN))
                .verify(SOON);
    }

    @Test
    void brokenBodyIsInterruptedAfterWhatCame() {
        StepVerifier.create(letters())
                .then(() -> body.next(buffers.of("a")).error(new IOException("reset")))
                .expectNext("a")
                .expectErrorSatisfies(failure -> {
                    assertFails(failure, Kind.INTERRUPTED, Phase.AFTER_FIRST_TOKEN);
                    assertThat(failure).hasCauseInstanceOf(IOException.class);
                })
                .verify(SOON);
    }

    @Test
    void bodyThatBreaksAfterTheFinishReasonIsWhole() {
        StepVerifier.create(letters())
                .then(() -> body.next(buffers.of("a,")).error(new IOException("reset")))
                .expectNext("a", ".")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void bodyThatEndsWithoutAWordIsInterrupted() {
        StepVerifier.create(letters())
                .then(body::complete)
                .expectErrorSatisfies(failure -> assertFails(failure, Kind.INTERRUPTED, Phase.BEFORE_FIRST_TOKEN))
                .verify(SOON);
    }

    @Test
    void decoderThatBreaksIsMalformedWithoutItsMessage() {
        Exchange exchange = listener -> {
            listener.accepted(
                    HEAD,
                    new StreamDecoder() {
                        @Override
                        public void decode(java.nio.ByteBuffer chunk, ChatEventSink out) {
                            throw new IllegalStateException("a piece of the answer");
                        }

                        @Override
                        public void end(ChatEventSink out) {}
                    },
                    body.flux());
            return Mono.never();
        };

        StepVerifier.create(new ExchangeFlux(CALL, exchange))
                .then(() -> body.next(buffers.of("a")))
                .expectErrorSatisfies(failure -> {
                    assertFails(failure, Kind.MALFORMED, Phase.BEFORE_FIRST_TOKEN);
                    assertThat(failure).hasStackTraceContaining("ExchangeFluxTests");
                    assertThat(failure.toString() + failure.getCause()).doesNotContain("piece of the answer");
                })
                .verify(SOON);
        body.assertCancelled();
    }

    @Test
    void exchangeThatCannotBeOpenedFails() {
        Exchange exchange = listener -> {
            throw new IllegalArgumentException("no");
        };

        StepVerifier.create(new ExchangeFlux(CALL, exchange))
                .expectErrorSatisfies(failure -> assertFails(failure, Kind.INVALID_REQUEST, Phase.BEFORE_FIRST_TOKEN))
                .verify(SOON);
    }

    @Test
    void requestForNothingIsAnErrorOfTheReader() {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        decoding(body.flux()).subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(0);
            }

            @Override
            public void onNext(ChatEvent event) {}

            @Override
            public void onError(Throwable misuse) {
                failure.set(misuse);
            }

            @Override
            public void onComplete() {}
        });

        assertThat(failure.get()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
    }

    @Test
    void cancelClosesTheBodyAndReleasesWhatComesLate() {
        TestPublisher<DataBuffer> careless = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        StepVerifier.create(letters(decoding(careless.flux())), 1)
                .then(() -> careless.next(buffers.of("ab")))
                .expectNext("a")
                .thenCancel()
                .verify(SOON);

        careless.assertCancelled();
        careless.next(buffers.of("late"));
    }

    @Test
    void readerThatCancelsOnSubscriptionSendsNothing() {
        StepVerifier.create(letters(), 0).thenCancel().verify(SOON);
        Exchange exchange = listener -> {
            throw new AssertionError("opened");
        };

        new ExchangeFlux(CALL, exchange).take(0).blockLast(SOON);
    }

    @Test
    void readersContextReachesTheExchange() {
        AtomicReference<String> seen = new AtomicReference<>();
        Flux<DataBuffer> contextual = Flux.deferContextual(context -> {
            seen.set(context.get("trace"));
            return Flux.just(buffers.of("a."));
        });

        StepVerifier.create(letters(decoding(contextual)).contextWrite(context -> context.put("trace", "42")))
                .expectNext("a", ".")
                .expectComplete()
                .verify(SOON);
        assertThat(seen).hasValue("42");
    }

    @Test
    void aStreamMayBeDecodedWhileItsReaderIsGivenAnEventOfAnother() {
        TestPublisher<DataBuffer> inner = TestPublisher.create();
        List<String> read = new ArrayList<>();
        letters(decoding(inner.flux())).subscribe(read::add);
        letters().doOnNext(letter -> inner.next(buffers.of("xyz"))).subscribe(read::add);

        body.next(buffers.of("abc"));

        assertThat(read).containsExactly("x", "y", "z", "a", "x", "y", "z", "b", "x", "y", "z", "c");
    }

    @Test
    void largeBufferIsDecodedWhole() {
        StepVerifier.create(letters().count())
                .then(() -> body.next(buffers.of("a".repeat(100_000) + ".")))
                .expectNext(100_001L)
                .expectComplete()
                .verify(SOON);
    }
}
