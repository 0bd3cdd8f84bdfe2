package dev.aistream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The total timeout of a call. Runs while the reader waits for something, and stands while it asks for nothing.
 *
 * <p>The timer is not moved with each event: when it goes off it sees how much time is left.
 */
final class TotalClock implements Runnable {

    private final Scheduler scheduler;
    private final Runnable expiry;
    private long left;
    private long runningSince;
    private long demand;
    private boolean stopped;
    private @Nullable Disposable timer;

    TotalClock(Duration limit, Scheduler scheduler, Runnable expiry) {
        this.scheduler = scheduler;
        this.expiry = expiry;
        this.left = limit.toNanos();
    }

    synchronized void requested(long n) {
        if (demand == 0) {
            runningSince = now();
            arm();
        }
        demand = Operators.addCap(demand, n);
    }

    synchronized void delivered() {
        if (demand == Long.MAX_VALUE || demand == 0) {
            return;
        }
        demand--;
        if (demand == 0) {
            left -= now() - runningSince;
        }
    }

    synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.dispose();
            timer = null;
        }
    }

    @Override
    public void run() {
        if (expired()) {
            expiry.run();
        }
    }

    private synchronized boolean expired() {
        timer = null;
        if (stopped || demand == 0) {
            return false;
        }
        long now = now();
        left -= now - runningSince;
        runningSince = now;
        if (left > 0) {
            arm();
        }
        return left <= 0;
    }

    private void arm() {
        if (timer == null && !stopped) {
            timer = scheduler.schedule(this, Math.max(left, 0), TimeUnit.NANOSECONDS);
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
