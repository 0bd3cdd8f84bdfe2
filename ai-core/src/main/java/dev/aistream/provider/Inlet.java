package dev.aistream.provider;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * The network's end of one stream: asks for buffers, keeps those that come while the drain of {@link
 * ExchangeSubscription} is busy, and closes the connection.
 *
 * <p>{@link #opening} is called before anything is sent; {@link #subscribed}, {@link #keep} and {@link #end} are the
 * network's, {@link #close} anybody's, everything else is called inside the drain.
 */
final class Inlet {

    /** Buffers asked for at once where the reader takes whatever comes; else one, once the last is delivered. */
    static final int BATCH = 32;

    private static final AtomicReferenceFieldUpdater<Inlet, @Nullable Subscription> BODY =
            AtomicReferenceFieldUpdater.newUpdater(Inlet.class, Subscription.class, "body");

    private volatile @Nullable Disposable opening;
    private volatile @Nullable Subscription body;
    private volatile @Nullable Queue<DataBuffer> kept;
    private volatile boolean ended;
    private @Nullable Throwable error;
    private int outstanding;

    /** The exchange is about to begin; where this is closed already, it is disposed of. */
    void opening(Disposable exchange) {
        opening = exchange;
        if (isClosed()) {
            exchange.dispose();
        }
    }

    /** There is a body. */
    void subscribed(Subscription subscription) {
        Operators.setOnce(BODY, this, subscription);
    }

    void keep(DataBuffer buffer) {
        Queue<DataBuffer> queue = kept;
        if (queue == null) {
            queue = Queues.<DataBuffer>unbounded(BATCH).get();
            kept = queue;
        }
        queue.add(buffer);
    }

    /** The body is over. */
    void end(@Nullable Throwable error) {
        if (!ended) {
            this.error = error;
            ended = true;
        }
    }

    @Nullable
    DataBuffer poll() {
        Queue<DataBuffer> queue = kept;
        return queue == null ? null : queue.poll();
    }

    /** A buffer has come. */
    void arrived() {
        outstanding--;
    }

    /** Whether the body is over and every buffer of it was taken. */
    boolean isExhausted() {
        boolean over = ended;
        Queue<DataBuffer> queue = kept;
        return over && (queue == null || queue.isEmpty());
    }

    /** What the body broke by; null for a clean end. */
    @Nullable
    Throwable error() {
        return error;
    }

    void askForOne() {
        Subscription subscription = body;
        if (subscription != null && outstanding == 0 && !ended) {
            outstanding = 1;
            subscription.request(1);
        }
    }

    void askForMany() {
        Subscription subscription = body;
        if (subscription != null && outstanding <= BATCH / 4 && !ended) {
            int more = BATCH - outstanding;
            outstanding = BATCH;
            subscription.request(more);
        }
    }

    /** Closes the connection, unless the body is over. */
    void close() {
        Operators.terminate(BODY, this);
        Disposable exchange = opening;
        if (exchange != null) {
            exchange.dispose();
        }
    }

    /** Whether there is nothing left to close. */
    boolean isClosed() {
        return ended || body == Operators.cancelledSubscription();
    }
}
