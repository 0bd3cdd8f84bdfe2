package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ResponseHead;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
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
 * clocks and {@link Outlet} are touched only there. ANSWERED and FAILED reach the reader when it has got every event
 * before them.
 */
final class ExchangeSubscription
        implements CoreSubscriber<DataBuffer>, Subscription, Exchange.Listener, ChatEventSink, Runnable {

    /** How long the body of a whole answer may take to end for its connection to be used again. */
    static final Duration DRAIN = Duration.ofMillis(50);

    /** Buffers asked for at once where the reader takes whatever comes; else one, once the last is delivered. */
    static final int BATCH = 32;

    private static final int MAX_SLICE = 16 * 1024;
    private static final int MIN_SLICE = 512;

    private static final AtomicIntegerFieldUpdater<ExchangeSubscription> WIP =
            AtomicIntegerFieldUpdater.newUpdater(ExchangeSubscription.class, "wip");
    private static final AtomicReferenceFieldUpdater<ExchangeSubscription, @Nullable Subscription> BODY =
            AtomicReferenceFieldUpdater.newUpdater(ExchangeSubscription.class, Subscription.class, "body");

    private final Outlet outlet;
    private final Failures failures;
    private final StreamClocks clocks;
    private final Scheduler scheduler;
    private final LongSupplier nanoTime;

    private volatile int wip;
    private volatile @Nullable Subscription body;
    private volatile boolean sending;
    private volatile boolean accepted;
    private volatile boolean refused;
    private volatile boolean bodyEnded;
    private volatile boolean answered;
    private volatile boolean alarm;
    /** Buffers that came while another thread was in the drain. */
    private volatile @Nullable Queue<DataBuffer> waiting;

    private volatile @Nullable Throwable misuse;

    private @Nullable Throwable bodyError;
    private @Nullable ResponseHead head;
    private @Nullable StreamDecoder decoder;
    private @Nullable Throwable failure;
    private @Nullable Disposable timer;
    private long timerAt;
    private int outstanding;
    private boolean opened;
    private boolean draining;
    private boolean emitted;
    /** Whether the bytes that came last held output. */
    private boolean output;
    /** Whether the clocks have to be read before the drain is left. */
    private boolean touched = true;

    private ByteBuffer slice = ByteBuffer.allocate(0);

    ExchangeSubscription(
            CoreSubscriber<? super ChatEvent> reader, ProviderCall call, Scheduler scheduler, LongSupplier nanoTime) {
        this.outlet = new Outlet(reader, this::closeConnection);
        this.failures = new Failures(call);
        this.scheduler = scheduler;
        this.nanoTime = nanoTime;
        this.clocks = new StreamClocks(call, nanoTime.getAsLong());
    }

    void send(Exchange exchange) {
        if (outlet.isClosed()) {
            return;
        }
        try {
            exchange.open(this).subscribe(this);
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
            closeConnection();
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
        Operators.setOnce(BODY, this, subscription);
    }

    @Override
    public void sending() {
        sending = true;
    }

    @Override
    public void accepted(ResponseHead head, StreamDecoder decoder) {
        this.head = head;
        this.decoder = decoder;
        accepted = true;
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
            return;
        }
        Queue<DataBuffer> queue = waiting;
        if (queue == null) {
            queue = Queues.<DataBuffer>unbounded(BATCH).get();
            waiting = queue;
        }
        queue.add(buffer);
        drain();
    }

    @Override
    public void onError(Throwable error) {
        if (bodyEnded) {
            return;
        }
        bodyError = error;
        onComplete();
    }

    @Override
    public void onComplete() {
        bodyEnded = true;
        drain();
    }

    // The timer's side

    @Override
    public void run() {
        if (answered) {
            closeConnection();
        }
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
        // Before it is delivered, for a reader that leaves on it leaves a whole answer.
        answered |= event instanceof ChatEvent.ResponseEnd;
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
            if (!isOver() && !outlet.isClosed()) {
                stream();
            }
            if (isOver() || outlet.isClosed()) {
                wind();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private boolean isOver() {
        return answered || failure != null;
    }

    private void stream() {
        touched |= outlet.deliverKept();
        takeWaiting();
        if (misuse != null && !isOver()) {
            failure = misuse;
            closeConnection();
        }
        if (bodyEnded && !isOver() && isEmpty(waiting)) {
            endOfBody();
        }
        if (!isOver() && !outlet.isClosed()) {
            keepTime();
        }
        if (!isOver() && !outlet.isClosed()) {
            ask();
        }
    }

    private void takeWaiting() {
        Queue<DataBuffer> queue = waiting;
        DataBuffer buffer;
        while (queue != null && (buffer = queue.poll()) != null) {
            take(buffer);
        }
    }

    private static boolean isEmpty(@Nullable Queue<?> queue) {
        return queue == null || queue.isEmpty();
    }

    private void take(DataBuffer buffer) {
        outstanding--;
        try {
            if (decoder != null && !isOver() && !outlet.isClosed()) {
                touched = true;
                decode(buffer, decoder);
            }
        } catch (Throwable broken) {
            if (outlet.isClosed()) {
                Exceptions.throwIfJvmFatal(broken);
            } else if (!isOver()) {
                failure = failures.decoding(broken, phase(), head);
                closeConnection();
            }
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private void decode(DataBuffer buffer, StreamDecoder decoder) {
        int left = buffer.readableByteCount();
        while (left > 0 && !isOver() && !outlet.isClosed()) {
            int length = Math.min(left, MAX_SLICE);
            if (slice.capacity() < length) {
                slice = ByteBuffer.allocate(Math.max(MIN_SLICE, Integer.highestOneBit(length - 1) << 1));
            }
            buffer.read(slice.array(), 0, length);
            decoder.decode(slice.clear().limit(length), this);
            left -= length;
        }
        clocks.completable(decoder.completable());
    }

    /** Null before the head, or where the response is refused. */
    private @Nullable StreamDecoder decoder() {
        return accepted ? decoder : null;
    }

    private void endOfBody() {
        Throwable error = bodyError;
        StreamDecoder decoder = decoder();
        if (decoder == null) {
            failure = failures.beforeHead(error, sending, phase());
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
                failure = otherwise != null ? otherwise.get() : failures.interrupted(null, phase(), head);
            }
        } catch (Throwable broken) {
            if (!isOver()) {
                ChatException told = failures.decoding(broken, phase(), head);
                failure = otherwise == null || isProvidersWord(told) ? told : otherwise.get();
            }
        }
        if (failure != null) {
            closeConnection();
        }
    }

    private static boolean isProvidersWord(ChatException failure) {
        return failure.kind() == Kind.PROVIDER_ERROR || failure.kind() == Kind.CONTENT_FILTERED;
    }

    private Phase phase() {
        return emitted ? Phase.AFTER_FIRST_TOKEN : Phase.BEFORE_FIRST_TOKEN;
    }

    /** Asks for the next buffer when everything of the last is delivered and the reader wants more. */
    private void ask() {
        Subscription body = this.body;
        if (body == null || bodyEnded || !outlet.isEmpty() || !outlet.hasDemand()) {
            return;
        }
        if (outlet.isUnbounded()) {
            askForBatch(body);
        } else if (outstanding == 0) {
            outstanding = 1;
            body.request(1);
        }
    }

    private void askForBatch(Subscription body) {
        if (outstanding <= BATCH / 4) {
            int more = BATCH - outstanding;
            outstanding = BATCH;
            body.request(more);
        }
    }

    // Time

    private void keepTime() {
        boolean idle = !outlet.hasDemand();
        if (!touched && !alarm && clocks.paused() == idle && opened == accepted) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (refused) {
            clocks.stop();
        } else if (accepted && !opened) {
            opened = true;
            clocks.opened(now);
        }
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
        if (alarm) {
            alarm = false;
            timer = null;
            expire(now);
        }
        if (!isOver()) {
            arm(now);
        }
    }

    private void expire(long now) {
        StreamDecoder decoder = decoder();
        if (decoder != null && clocks.graceIsOver(now)) {
            end(decoder, null);
            return;
        }
        Kind expired = clocks.expired(now);
        if (expired == null) {
            return;
        }
        if (decoder == null) {
            failure = failures.timeout(sending, phase());
            closeConnection();
        } else {
            end(decoder, () -> failures.expired(expired, phase(), head));
        }
    }

    /** Makes the timer fire when the next clock runs out, if it would not fire before anyway. */
    private void arm(long now) {
        long left = clocks.remaining(now);
        if (left == StreamClocks.NEVER || (timer != null && timerAt - now <= left)) {
            return;
        }
        disarm();
        timerAt = now + left;
        try {
            timer = scheduler.schedule(this, left, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            clocks.stop();
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.dispose();
            timer = null;
        }
    }

    // The end

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
        takeWaiting();
        if (!answered || bodyEnded) {
            disarm();
        } else if (body != Operators.cancelledSubscription()) {
            drainBody();
        }
    }

    private void drainBody() {
        if (!draining) {
            draining = true;
            long now = nanoTime.getAsLong();
            clocks.drain(now, DRAIN);
            arm(now);
        }
        Subscription body = this.body;
        if (body != null) {
            askForBatch(body);
        }
    }

    private void closeConnection() {
        Operators.terminate(BODY, this);
    }
}
