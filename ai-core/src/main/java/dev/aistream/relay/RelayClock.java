package dev.aistream.relay;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The clocks of one relayed answer, on one timer task that looks at the time of what happened last: the tokens in
 * between set a field, not a timer.
 *
 * <p>The task runs on a thread that all streams share, and only raises the orders that are due.
 */
final class RelayClock implements Runnable {

    private static final long MIN_DELAY_NANOS = 1_000_000;

    private final RelaySettings settings;
    private final RelaySubscription<?> subscription;
    private final Scheduler timer = Schedulers.parallel();
    private final Disposable.Swap task = Disposables.swap();
    private final long startNanos;
    private volatile long lastOutputNanos;
    private long lastBeatNanos;
    private volatile boolean full;
    private volatile boolean headWaits;
    private volatile boolean over;

    RelayClock(RelaySettings settings, RelaySubscription<?> subscription, boolean headWaits) {
        this.settings = settings;
        this.subscription = subscription;
        this.headWaits = headWaits;
        this.startNanos = System.nanoTime();
        this.lastOutputNanos = startNanos;
        this.lastBeatNanos = startNanos;
        this.full = true;
    }

    long startNanos() {
        return startNanos;
    }

    void start() {
        arm(System.nanoTime());
    }

    void stop() {
        task.dispose();
    }

    void headIsOpen() {
        headWaits = false;
    }

    void onOutput() {
        lastOutputNanos = System.nanoTime();
    }

    /** Whether the reader asks for nothing more than it was given last, as it is from the start. */
    void readerIsFull(boolean nowFull) {
        full = nowFull;
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        int due = 0;
        if (headWaits && now - startNanos >= settings.headWait().toNanos()) {
            headWaits = false;
            due |= RelaySubscription.OPEN_HEAD;
        }
        if (!over && now - startNanos >= settings.maxDuration().toNanos()) {
            over = true;
            due |= RelaySubscription.END_FOR_DURATION;
        }
        if (beats() && silence(now) >= settings.heartbeat().toNanos()) {
            lastBeatNanos = now;
            due |= RelaySubscription.BEAT;
        }
        if (full && now - lastOutputNanos >= settings.writeTimeout().toNanos()) {
            due |= RelaySubscription.ABORT;
        } else {
            arm(now);
        }
        if (due != 0) {
            subscription.order(due);
        }
    }

    /** For the next time at which something may be due; a reader that becomes full later is seen in time. */
    private void arm(long now) {
        long next = settings.writeTimeout().toNanos() - (full ? now - lastOutputNanos : 0);
        if (headWaits) {
            next = Math.min(next, settings.headWait().toNanos() - (now - startNanos));
        }
        if (!over) {
            next = Math.min(next, settings.maxDuration().toNanos() - (now - startNanos));
        }
        if (beats()) {
            next = Math.min(next, settings.heartbeat().toNanos() - silence(now));
        }
        task.replace(timer.schedule(this, together(now, Math.max(next, MIN_DELAY_NANOS)), TimeUnit.NANOSECONDS));
    }

    /** Up to a 64th later, so that the clocks of many streams go off at once: each time, a thread is woken. */
    private static long together(long now, long delay) {
        long step = Long.highestOneBit(delay) / 64;
        return delay + step - 1 - Math.floorMod(now + delay - 1, step);
    }

    /** Since the last output, or the last beat, which may have found something else on its way. */
    private long silence(long now) {
        return Math.min(now - lastOutputNanos, now - lastBeatNanos);
    }

    private boolean beats() {
        return !settings.heartbeat().isZero();
    }
}
