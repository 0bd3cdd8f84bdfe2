package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The clocks, in virtual time and at their default lengths. */
class ExchangeFluxClockTests {

    private static final Duration MOMENT = Duration.ofMillis(1);
    /** How late the idle clock may run out. */
    private static final Duration LATE = ProviderHttpOptions.DEFAULT_IDLE_TIMEOUT.dividedBy(StreamClocks.LATENESS);

    private final Buffers buffers = new Buffers();
    private final TestPublisher<DataBuffer> body = TestPublisher.create();
    private final TestPublisher<Void> opening = TestPublisher.create();
    private VirtualTimeScheduler time;
    private Exchange.Listener listener;
    private Reader reader;
    private int readings;

    @BeforeEach
    void stopTime() {
        time = VirtualTimeScheduler.create();
    }

    @AfterEach
    void letTimeGoOn() {
        time.dispose();
        buffers.assertReleased();
    }

    private void subscribe(long demand, UnaryOperator<ProviderHttpOptions> clocks) {
        URI uri = URI.create("http://provider/chat");
        ProviderCall call = ProviderCall.post(uri)
                .options(clocks.apply(ProviderHttpOptions.of(uri)))
                .decoder(head -> new LetterDecoder())
                .build();
        Exchange exchange = listener -> {
            this.listener = listener;
            return opening.mono();
        };
        reader = new Reader(demand);
        Flux<ChatEvent> stream = new ExchangeFlux(call, exchange, this::nanoTime, new VirtualTimer(time), time);
        stream.subscribe(reader);
    }

    private long nanoTime() {
        readings++;
        return time.now(TimeUnit.NANOSECONDS);
    }

    private void open(long demand, UnaryOperator<ProviderHttpOptions> clocks) {
        subscribe(demand, clocks);
        listener.sending();
        listener.accepted(ExchangeFluxTests.HEAD, new LetterDecoder(), body.flux());
    }

    private void open() {
        open(Long.MAX_VALUE, options -> options);
    }

    private void send(String text) {
        body.next(buffers.of(text));
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private void assertExpiresAfter(Duration duration, Kind kind) {
        pass(duration.minus(MOMENT));
        assertThat(reader.failure).isNull();
        pass(MOMENT.plus(LATE));
        assertThat(reader.failure).isInstanceOf(ChatException.class);
        assertThat(((ChatException) reader.failure).kind()).isEqualTo(kind);
        opening.assertCancelled();
        if (body.wasSubscribed()) {
            body.assertCancelled();
        }
    }

    @Test
    void timeoutRunsUntilTheHead() {
        subscribe(Long.MAX_VALUE, options -> options);

        assertExpiresAfter(Duration.ofSeconds(30), Kind.TIMEOUT);
        assertThat(reader.failure).hasMessage("No connection to provider within 30s");
    }

    @Test
    void timeoutEndsWithTheHead() {
        subscribe(Long.MAX_VALUE, options -> options);
        pass(Duration.ofSeconds(29));
        listener.accepted(ExchangeFluxTests.HEAD, new LetterDecoder(), body.flux());

        assertExpiresAfter(Duration.ofMinutes(2), Kind.IDLE_TIMEOUT);
    }

    @Test
    void refusalIsReadByAClockOfItsOwn() {
        subscribe(Long.MAX_VALUE, options -> options);
        listener.refused();

        pass(Duration.ofHours(1));

        assertThat(reader.failure).isNull();
        body.assertNotCancelled();
    }

    @Test
    void firstTokenTimeoutIsNotPutOffByComments() {
        open();
        for (int second = 1; second < 300; second++) {
            pass(Duration.ofSeconds(1));
            send(":");
        }

        assertExpiresAfter(Duration.ofSeconds(1), Kind.FIRST_TOKEN_TIMEOUT);
        assertThat(reader.failure).hasMessage("No output within 300s of the response head");
    }

    @Test
    void rawEventsAreNoOutput() {
        open();
        for (int second = 1; second < 300; second++) {
            pass(Duration.ofSeconds(1));
            send("#");
        }

        assertExpiresAfter(Duration.ofSeconds(1), Kind.FIRST_TOKEN_TIMEOUT);
    }

    @Test
    void idleTimeoutIsPutOffByComments() {
        open();
        send("a");
        for (int minute = 0; minute < 60; minute++) {
            pass(Duration.ofMinutes(1));
            send(":");
        }

        assertExpiresAfter(Duration.ofMinutes(2), Kind.IDLE_TIMEOUT);
        assertThat(reader.failure).hasMessage("No byte for 120s");
    }

    @Test
    void clocksAreReadSeldom() {
        int readings = this.readings;
        open();
        for (int i = 0; i < 10_000; i++) {
            send("a");
        }

        assertThat(this.readings - readings).isLessThan(10);
    }

    @Test
    void gapTimeoutIsPutOffByOutputOnly() {
        open(Long.MAX_VALUE, options -> options.withGapTimeout(Duration.ofSeconds(10)));
        send("a");
        pass(Duration.ofSeconds(9));
        send("b");
        pass(Duration.ofSeconds(9));
        send(":");

        assertExpiresAfter(Duration.ofSeconds(1), Kind.GAP_TIMEOUT);
    }

    @Test
    void aTokenASecondForTwoHoursIsNotCut() {
        open(Long.MAX_VALUE, options -> options.withGapTimeout(Duration.ofSeconds(2)));
        for (int second = 0; second < 7200; second++) {
            send("a");
            pass(Duration.ofSeconds(1));
        }
        send(".");

        assertThat(reader.complete).isTrue();
        assertThat(reader.events).isEqualTo(7201);
    }

    @Test
    void noClockRunsWhileTheReaderAsksForNothing() {
        open(1, options -> options.withGapTimeout(Duration.ofSeconds(10)));
        pass(Duration.ofMinutes(1));
        send("ab");
        pass(Duration.ofHours(10));
        reader.ask(1);
        pass(Duration.ofHours(10));
        assertThat(reader.events).isEqualTo(2);
        reader.ask(1);

        assertExpiresAfter(Duration.ofSeconds(10), Kind.GAP_TIMEOUT);
    }

    @Test
    void noClockRunsWhileTheReaderIsBusyWithASignal() {
        open(Long.MAX_VALUE, options -> options.withGapTimeout(Duration.ofMinutes(2)));
        reader.whileReading = () -> pass(Duration.ofMinutes(119));
        send("ab");
        reader.whileReading = () -> {};
        pass(Duration.ofSeconds(119));
        send("c");

        assertThat(reader.failure).isNull();
        assertThat(reader.events).isEqualTo(3);
        assertExpiresAfter(Duration.ofMinutes(2), Kind.IDLE_TIMEOUT);
    }

    @Test
    void clocksGoOnWhereTheyStopped() {
        open(0, options -> options);
        pass(Duration.ofHours(1));
        reader.ask(1);
        pass(Duration.ofSeconds(100));
        assertThat(reader.failure).isNull();

        assertExpiresAfter(Duration.ofSeconds(20), Kind.IDLE_TIMEOUT);
    }

    @Test
    void silenceAfterTheFinishReasonCompletesAfterTheGrace() {
        open();
        send("a,");
        pass(StreamClocks.GRACE.minus(MOMENT));
        assertThat(reader.complete).isFalse();
        pass(MOMENT);

        assertThat(reader.complete).isTrue();
        body.assertNotCancelled();
        pass(ExchangeSubscription.DRAIN);
        body.assertCancelled();
    }

    @Test
    void graceBeginsAnewWithEachByte() {
        open();
        send("a,");
        pass(Duration.ofMillis(1900));
        send(":");
        pass(Duration.ofMillis(1900));
        assertThat(reader.complete).isFalse();
        pass(Duration.ofMillis(100));

        assertThat(reader.complete).isTrue();
    }

    @Test
    void bodyOfAWholeAnswerIsClosedAfterFiftyMilliseconds() {
        open();
        send("a.");
        assertThat(reader.complete).isTrue();
        pass(Duration.ofMillis(49));
        send("junk");
        body.assertNotCancelled();
        pass(MOMENT);

        body.assertCancelled();
    }

    @Test
    void bodyOfAWholeAnswerIsClosedEvenIfTheReaderHasNotReadItAll() {
        open(1, options -> options);
        send("abc.");
        pass(Duration.ofMillis(50));
        body.assertCancelled();
        reader.ask(Long.MAX_VALUE);

        assertThat(reader.events).isEqualTo(4);
        assertThat(reader.complete).isTrue();
    }

    @Test
    void bodyOfAWholeAnswerIsClosedEvenIfAClockHasJustGoneOff() {
        open();
        send("a");
        reader.whileReading = () -> pass(Duration.ofMinutes(1));
        send("b.");
        assertThat(reader.complete).isTrue();
        pass(Duration.ofMillis(50));

        body.assertCancelled();
    }

    @Test
    void zeroSwitchesAClockOff() {
        open(Long.MAX_VALUE, options -> options.withIdleTimeout(Duration.ZERO).withFirstTokenTimeout(Duration.ZERO));
        pass(Duration.ofDays(10));

        assertThat(reader.failure).isNull();
        reader.cancel();
        body.assertCancelled();
    }

    @Test
    void noTimerIsLeftWhenTheStreamIsOver() {
        open();
        send("a.");
        body.complete();

        assertThat(time.getScheduledTaskCount()).isPositive();
        pass(Duration.ofDays(1));
        body.assertNotCancelled();
    }

    private static final class Reader extends BaseSubscriber<ChatEvent> {

        private final long demand;
        private Runnable whileReading = () -> {};
        private int events;
        private boolean complete;
        private Throwable failure;

        Reader(long demand) {
            this.demand = demand;
        }

        void ask(long n) {
            request(n);
        }

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            if (demand > 0) {
                request(demand);
            }
        }

        @Override
        protected void hookOnNext(ChatEvent event) {
            events++;
            whileReading.run();
        }

        @Override
        protected void hookOnComplete() {
            complete = true;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            this.failure = failure;
        }
    }
}
