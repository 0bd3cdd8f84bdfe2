package dev.aistream.provider;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * One timer for all clocks of a stream, set anew only when it would fire too late: a stream whose bytes keep coming
 * costs one task of the scheduler for each length of its shortest clock. Not thread-safe.
 */
final class StreamTimer {

    private final Scheduler scheduler;
    private final Runnable alarm;
    private @Nullable Disposable task;
    private long firesAt;

    StreamTimer(Scheduler scheduler, Runnable alarm) {
        this.scheduler = scheduler;
        this.alarm = alarm;
    }

    /**
     * Makes the alarm go off by a time.
     * @param now a reading of the monotonic clock
     * @param left nanoseconds from then; {@link StreamClocks#NEVER} changes nothing
     */
    void fireWithin(long now, long left) {
        if (left == StreamClocks.NEVER || (task != null && firesAt - now <= left)) {
            return;
        }
        stop();
        firesAt = now + left;
        try {
            task = scheduler.schedule(alarm, left, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            // No clock runs any more; whoever shut the scheduler down ends the streams too.
        }
    }

    /** The alarm has gone off. */
    void fired() {
        task = null;
    }

    void stop() {
        if (task != null) {
            task.dispose();
            task = null;
        }
    }
}
