package dev.aistream;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * The attempt that a call reads from. What the reader asks for before the answer begins is passed on to each attempt
 * anew, since none of the earlier ones gave anything; after that demand goes straight through.
 */
final class Upstream {

    private final Object lock = new Object();
    private @Nullable Subscription current;
    private long requested;
    private volatile @Nullable Subscription begun;

    void attach(Subscription attempt) {
        long demand;
        synchronized (lock) {
            if (current == Operators.cancelledSubscription()) {
                demand = -1;
            } else {
                current = attempt;
                demand = requested;
            }
        }
        if (demand < 0) {
            attempt.cancel();
        } else if (demand > 0) {
            attempt.request(demand);
        }
    }

    void detach() {
        synchronized (lock) {
            if (current != Operators.cancelledSubscription()) {
                current = null;
            }
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
            attempt = current;
            current = Operators.cancelledSubscription();
        }
        if (attempt != null) {
            attempt.cancel();
        }
    }
}
