package dev.aistream;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an ending that may come at any time, on any thread, apart from the event that is being delivered.
 *
 * <p>The first ending to be decided wins. It is carried out by the one to whom this gate answers true, when nobody is
 * inside: by who closes it, or by the last to leave.
 *
 * <pre>
 *             enter                  exit
 *   empty ───────────────▶ inside ───────────────▶ empty
 *     │ close: true          │ close: false
 *     ▼                      ▼              last exit: true
 *   closed               inside, closed ─────────────────▶ closed
 * </pre>
 *
 * @param <E> how it ended
 */
abstract class DeliveryGate<E> {

    /** Sign bit of {@link #inside}. */
    private static final int CLOSED = Integer.MIN_VALUE;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<DeliveryGate> INSIDE =
            AtomicIntegerFieldUpdater.newUpdater(DeliveryGate.class, "inside");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<DeliveryGate, @Nullable Object> ENDING =
            AtomicReferenceFieldUpdater.newUpdater(DeliveryGate.class, Object.class, "ending");

    /** Delivering code may ask for more, and be given it, while it is inside: a number, not a flag. */
    private volatile int inside;

    private volatile @Nullable E ending;

    /** False where nothing may be delivered any more; else {@link #exit} has to follow. */
    final boolean enter() {
        if (INSIDE.getAndIncrement(this) >= 0) {
            return true;
        }
        INSIDE.decrementAndGet(this);
        return false;
    }

    /** True where the caller has to carry out the ending. */
    final boolean exit() {
        return INSIDE.decrementAndGet(this) == CLOSED;
    }

    /** False where another ending came first; else {@link #close} has to follow. */
    final boolean decide(E how) {
        return ENDING.compareAndSet(this, null, how);
    }

    /** True where the caller has to carry out the ending. */
    final boolean close() {
        return INSIDE.getAndAdd(this, CLOSED) == 0;
    }

    final @Nullable E ending() {
        return ending;
    }
}
