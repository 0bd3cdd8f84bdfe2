package dev.aistream;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * The attempt that a call reads from. What the reader asks for before the answer begins is passed on to each attempt
 * anew, since none of the earlier ones gave anything; after that demand goes straight through.
 */
final class Upstream {

    private static final long NONE_CANCELLED = -1;

    private final Object lock = new Object();
    private @Nullable Subscription current;
    private long requested;
    private boolean cancelled;
    private volatile @Nullable Subscription begun;

    void attach(Subscription attempt) {
        long demand = takeOn(attempt);
        if (demand == NONE_CANCELLED) {
            attempt.cancel();
        } else if (demand > 0) {
            attempt.request(demand);
        }
    }

    private long takeOn(Subscription attempt) {
        synchronized (lock) {
            if (cancelled) {
                return NONE_CANCELLED;
            }
            current = attempt;
            return requested;
        }
    }

    /** The attached attempt has failed; another may follow. */
    void detach() {
        synchronized (lock) {
            current = null;
        }
    }

    /** The attached attempt has given its first event: it stays. */
    void begin() {
        synchronized (lock) {
            begun = current;
        }
    }

    void request(long n) {
        Subscription attempt = begun;
        if (attempt == null) {
            synchronized (lock) {
                requested = Operators.addCap(requested, n);
                attempt = current;
            }
        }
        if (attempt != null) {
            attempt.request(n);
        }
    }

    /** Closes the attempt, and each that is attached later. */
    void cancel() {
        Subscription attempt;
        synchronized (lock) {
            cancelled = true;
            attempt = current;
        }
        if (attempt != null) {
            attempt.cancel();
        }
    }
}
