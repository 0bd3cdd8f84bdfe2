package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * The reader's end of one stream: hands over what the reader asked for and keeps the rest, which is at most what one
 * buffer of the network held.
 *
 * <p>{@link #request} and {@link #cancel} come from any thread, everything else from inside the drain of {@link
 * ExchangeSubscription}.
 */
final class Outlet {

    private static final AtomicLongFieldUpdater<Outlet> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Outlet.class, "requested");

    private final CoreSubscriber<? super ChatEvent> reader;
    private final Runnable onReaderFailure;
    private volatile long requested;
    private volatile boolean closed;
    private long delivered;
    private @Nullable ArrayDeque<ChatEvent> kept;

    Outlet(CoreSubscriber<? super ChatEvent> reader, Runnable onReaderFailure) {
        this.reader = reader;
        this.onReaderFailure = onReaderFailure;
    }

    CoreSubscriber<? super ChatEvent> reader() {
        return reader;
    }

    void request(long n) {
        Operators.addCap(REQUESTED, this, n);
    }

    boolean isUnbounded() {
        return requested == Long.MAX_VALUE;
    }

    boolean hasDemand() {
        return requested != delivered;
    }

    /** Whether the reader has had its last signal, or wants none any more. */
    boolean isClosed() {
        return closed;
    }

    /** No signal begins after this. */
    void cancel() {
        closed = true;
    }

    /** Whether nothing waits for demand. */
    boolean isEmpty() {
        return kept == null || kept.isEmpty();
    }

    void next(ChatEvent event) {
        if (isEmpty() && hasDemand()) {
            deliver(event);
        } else if (!closed) {
            if (kept == null) {
                kept = new ArrayDeque<>();
            }
            kept.add(event);
        }
    }

    /**
     * Hands over what was kept, as far as there is demand.
     * @return whether the reader got anything
     */
    boolean deliverKept() {
        ArrayDeque<ChatEvent> events = kept;
        if (events == null || events.isEmpty() || !hasDemand()) {
            return false;
        }
        while (!closed && hasDemand()) {
            ChatEvent event = events.poll();
            if (event == null) {
                break;
            }
            deliver(event);
        }
        return true;
    }

    private void deliver(ChatEvent event) {
        if (closed) {
            return;
        }
        delivered++;
        try {
            reader.onNext(event);
        } catch (Throwable failure) {
            readerFailed(failure);
        }
    }

    /** The last signal: completion, or an error where there is one. */
    void end(@Nullable Throwable error) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (error == null) {
                reader.onComplete();
            } else {
                reader.onError(error);
            }
        } catch (Throwable failure) {
            readerFailed(failure);
        }
    }

    void discardKept() {
        kept = null;
    }

    private void readerFailed(Throwable failure) {
        closed = true;
        onReaderFailure.run();
        Operators.onErrorDropped(failure, reader.currentContext());
        Exceptions.throwIfJvmFatal(failure);
    }
}
