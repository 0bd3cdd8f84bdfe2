package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ResponseHead;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * One subscription of an {@link ExchangeFlux}.
 *
 * <pre>
 *                head          decoder completes             body ends
 * WAITING ------------> OPEN ---------------------> ANSWERED ---------> connection back to the pool
 *    |                   |                             | DRAIN passes
 *    | clock, no         | clock, end of body,         +--------------> connection closed
 *    | connection,       | broken body or data
 *    | refusal           |
 *    +-----> FAILED <----+       connection closed
 *
 * cancelled, or the reader threw, in any state but ANSWERED: connection closed
 * </pre>
 *
 * <p>Signals come from three sides: the network, the reader and the timer. Each leaves its mark in a volatile field and
 * calls {@link #drain}; the thread that finds nobody in the drain does the work of all until nothing is left. Decoder,
 * clocks, {@link Inlet} and {@link Outlet} are used only there. ANSWERED and FAILED reach the reader when it has got
 * every event before them.
 */
final class ExchangeSubscription
        implements CoreSubscriber<DataBuffer>, Subscription, Exchange.Listener, ChatEventSink, Runnable {

    /** How long the body of a whole answer may take to end for its connection to be used again. */
    static final Duration DRAIN = Duration.ofMillis(50);

    private static final AtomicIntegerFieldUpdater<ExchangeSubscription> WIP =
            AtomicIntegerFieldUpdater.newUpdater(ExchangeSubscription.class, "wip");

    private final Exchange exchange;
    private final Inlet inlet = new Inlet();
    private final Outlet outlet;
    private final Failures failures;
    private final StreamClocks clocks;
    private final StreamTimer timer;
    private final Scheduler alarms;
    private final LongSupplier nanoTime;

    private volatile int wip;
    private volatile boolean sending;
    private volatile boolean accepted;
    private volatile boolean refused;
    private volatile boolean answered;
    private volatile boolean alarm;
    private volatile @Nullable Throwable misuse;

    private @Nullable ResponseHead head;
    private @Nullable StreamDecoder decoder;
    private @Nullable Throwable failure;
    private boolean opened;
    private boolean draining;
    private boolean emitted;
    /** Whether the clocks were read at all. */
    private boolean timed;
    /** Whether bytes, and whether output, came since the clocks were read. */
    private boolean touched;

    private boolean output;

    ExchangeSubscription(
            CoreSubscriber<? super ChatEvent> reader,
            ProviderCall call,
            Exchange exchange,
            Timer timer,
            Scheduler alarms,
            LongSupplier nanoTime) {
        this.exchange = exchange;
        this.outlet = new Outlet(reader, inlet::close);
        this.failures = new Failures(call);
        this.timer = new StreamTimer(timer, this);
        this.alarms = alarms;
        this.nanoTime = nanoTime;
        this.clocks = new StreamClocks(call, nanoTime.getAsLong());
    }

    void send() {
        if (outlet.isClosed()) {
            return;
        }
        Opening opening = new Opening();
        inlet.opening(opening);
        try {
            exchange.open(this).subscribe(opening);
        } catch (Throwable unsent) {
            onError(unsent);
        }
        drain();
    }

    // The reader's side

    @Override
    public void request(long n) {
        if (n <= 0) {
            misuse = new IllegalArgumentException("Rule 3.9: a request must be for more than nothing, was " + n);
        } else {
            outlet.request(n);
        }
        drain();
    }

    @Override
    public void cancel() {
        outlet.cancel();
        if (!answered) {
            inlet.close();
        }
        drain();
    }

    @Override
    public Context currentContext() {
        return outlet.reader().currentContext();
    }

    // The network's side

    @Override
    public void onSubscribe(Subscription subscription) {
        inlet.subscribed(subscription);
    }

    @Override
    public void sending() {
        sending = true;
    }

    @Override
    public void accepted(ResponseHead head, StreamDecoder decoder, Flux<DataBuffer> body) {
        this.head = head;
        this.decoder = decoder;
        accepted = true;
        body.subscribe(this);
        drain();
    }

    @Override
    public void refused() {
        refused = true;
        drain();
    }

    @Override
    public void onNext(DataBuffer buffer) {
        if (wip == 0 && WIP.compareAndSet(this, 0, 1)) {
            take(buffer);
            drainLoop();
        } else {
            inlet.keep(buffer);
            drain();
        }
    }

    @Override
    public void onError(Throwable error) {
        inlet.end(error);
        drain();
    }

    @Override
    public void onComplete() {
        inlet.end(null);
        drain();
    }

    // The timer's side

    /**
     * On the thread of the timer, which serves all streams: mostly it finds that bytes have come since, and only winds
     * the clock up. All else goes to another thread, for it may call the reader, who may take its time.
     */
    @Override
    public void run() {
        if (answered) {
            alarms.schedule(this::closeBody);
            return;
        }
        alarm = true;
        if (WIP.getAndIncrement(this) == 0 && !(isStreaming() && windUp() && WIP.compareAndSet(this, 1, 0))) {
            alarms.schedule(this::drainLoop);
        }
    }

    /** Closes what is left of a whole answer's body before the drain, where a slow reader may be just now. */
    private void closeBody() {
        inlet.close();
        alarm = true;
        drain();
    }

    // The decoder's side, inside the drain

    @Override
    public void next(ChatEvent event) {
        if (isOver()) {
            return;
        }
        emitted = true;
        output |= !(event instanceof ChatEvent.Raw);
        if (event instanceof ChatEvent.ResponseEnd) {
            // Before it is delivered, for a reader that leaves on it leaves a whole answer.
            answered = true;
        }
        outlet.next(event);
    }

    @Override
    public void complete() {
        if (!isOver()) {
            answered = true;
        }
    }

    // The drain

    private void drain() {
        if (WIP.getAndIncrement(this) == 0) {
            drainLoop();
        }
    }

    private void drainLoop() {
        int missed = 1;
        do {
            if (isStreaming()) {
                stream();
            }
            if (!isStreaming()) {
                wind();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private boolean isOver() {
        return answered || failure != null;
    }

    private boolean isStreaming() {
        return !isOver() && !outlet.isClosed();
    }

    private void stream() {
        touched |= outlet.deliverKept();
        takeKept();
        if (misuse != null && isStreaming()) {
            fail(misuse);
        }
        if (inlet.isExhausted() && isStreaming()) {
            endOfBody();
        }
        if (isStreaming()) {
            keepTime();
        }
        if (isStreaming()) {
            ask();
        }
    }

    private void fail(Throwable failure) {
        this.failure = failure;
        inlet.close();
    }

    private void takeKept() {
        for (DataBuffer buffer = inlet.poll(); buffer != null; buffer = inlet.poll()) {
            take(buffer);
        }
    }

    private void take(DataBuffer buffer) {
        inlet.arrived();
        try {
            if (decoder != null && isStreaming()) {
                touched = true;
                decode(buffer, decoder);
            }
        } catch (Throwable broken) {
            if (outlet.isClosed()) {
                Exceptions.throwIfJvmFatal(broken);
            } else if (!isOver()) {
                fail(failures.decoding(broken, phase(), head));
            }
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private void decode(DataBuffer buffer, StreamDecoder decoder) {
        HeapSlice slice = HeapSlice.borrow();
        try {
            while (buffer.readableByteCount() > 0 && isStreaming()) {
                decoder.decode(slice.of(buffer), this);
            }
        } finally {
            slice.giveBack();
        }
        clocks.completable(decoder.completable());
    }

    /** Asks for the next buffer when everything of the last is delivered and the reader wants more. */
    private void ask() {
        if (!outlet.isEmpty() || !outlet.hasDemand()) {
            return;
        }
        if (outlet.isUnbounded()) {
            inlet.askForMany();
        } else {
            inlet.askForOne();
        }
    }

    // The end of the answer

    /** Null before the head, or where the response is refused. */
    private @Nullable StreamDecoder decoder() {
        return accepted ? decoder : null;
    }

    private void endOfBody() {
        Throwable error = inlet.error();
        StreamDecoder decoder = decoder();
        if (decoder == null) {
            fail(failures.beforeHead(error, sending, phase()));
        } else {
            end(decoder, error == null ? null : () -> failures.interrupted(error, phase(), head));
        }
    }

    /**
     * Ends the answer by what the decoder has seen.
     * @param otherwise the failure where the answer is not whole; null leaves it to the decoder
     */
    private void end(StreamDecoder decoder, @Nullable Supplier<ChatException> otherwise) {
        try {
            decoder.end(this);
            if (!isOver()) {
                fail(otherwise == null ? failures.interrupted(null, phase(), head) : otherwise.get());
            }
        } catch (Throwable broken) {
            if (!isOver()) {
                ChatException told = failures.decoding(broken, phase(), head);
                fail(otherwise == null || Failures.isProvidersWord(told) ? told : otherwise.get());
            }
        }
    }

    private Phase phase() {
        return emitted ? Phase.AFTER_FIRST_TOKEN : Phase.BEFORE_FIRST_TOKEN;
    }

    // Time

    private void keepTime() {
        boolean exact = touched && clocks.isExact();
        if (timed && !alarm && !exact && clocks.paused() != outlet.hasDemand() && opened == accepted) {
            return;
        }
        long now = readClocks();
        if (alarm) {
            hearAlarm();
            expire(now);
        }
        if (!isOver()) {
            timer.fireWithin(now, clocks.remaining(now));
        }
    }

    /** As {@link #keepTime}, but false where a clock has run out. */
    private boolean windUp() {
        long now = readClocks();
        if (clocks.expired(now) != null || clocks.graceIsOver(now)) {
            return false;
        }
        hearAlarm();
        timer.fireWithin(now, clocks.remaining(now));
        return true;
    }

    private void hearAlarm() {
        alarm = false;
        timer.fired();
    }

    private long readClocks() {
        timed = true;
        long now = nanoTime.getAsLong();
        if (refused) {
            clocks.stop();
        } else if (accepted && !opened) {
            opened = true;
            clocks.opened(now);
        }
        boolean idle = !outlet.hasDemand();
        if (!idle) {
            clocks.resume(now);
        }
        if (touched) {
            clocks.bytes(now);
        }
        if (output) {
            clocks.output(now);
        }
        if (idle) {
            clocks.pause(now);
        }
        touched = false;
        output = false;
        return now;
    }

    private void expire(long now) {
        StreamDecoder decoder = decoder();
        Kind expired = clocks.expired(now);
        if (decoder != null && clocks.graceIsOver(now)) {
            end(decoder, null);
        } else if (expired != null && decoder == null) {
            fail(
                    sending || !exchange.poolIsExhausted()
                            ? failures.timeout(sending, phase())
                            : failures.poolExhausted(phase()));
        } else if (expired != null && decoder != null) {
            end(decoder, () -> failures.expired(expired, phase(), head));
        }
    }

    // The end of the exchange

    /** Hands over what is left, then ends; an answered body is read on for a moment, any other connection is closed. */
    private void wind() {
        if (!outlet.isClosed()) {
            outlet.deliverKept();
            if (outlet.isEmpty()) {
                outlet.end(failure);
            }
        }
        if (outlet.isClosed()) {
            outlet.discardKept();
        }
        takeKept();
        if (answered && !inlet.isClosed()) {
            drainBody();
        } else {
            timer.stop();
        }
    }

    private void drainBody() {
        if (!draining || alarm) {
            long now = nanoTime.getAsLong();
            if (alarm) {
                hearAlarm();
            }
            if (!draining) {
                draining = true;
                clocks.drain(now, DRAIN);
            }
            timer.fireWithin(now, clocks.remaining(now));
        }
        inlet.askForMany();
    }

    /** What comes of the exchange where it has no body to decode. */
    private final class Opening extends BaseSubscriber<Void> {

        @Override
        public Context currentContext() {
            return ExchangeSubscription.this.currentContext();
        }

        @Override
        protected void hookOnError(Throwable error) {
            ExchangeSubscription.this.onError(error);
        }

        @Override
        protected void hookOnComplete() {
            ExchangeSubscription.this.onComplete();
        }
    }
}
