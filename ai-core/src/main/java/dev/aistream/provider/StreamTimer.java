package dev.aistream.provider;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One timer for all clocks of a stream, set anew only when it would fire too late: a stream whose bytes keep coming
 * costs one timeout for each length of its shortest clock. Not thread-safe.
 */
final class StreamTimer {

    /**
     * Fires up to {@value #TICK_MILLIS} ms late. A wheel, for nearly every timeout is taken back: to set one on a
     * scheduler wakes one of its threads, which costs more than all else that we do before a request goes out.
     */
    static final Timer WHEEL = wheel();

    private static final int TICK_MILLIS = 50;
    private static final int TICKS = 512;

    private final Timer timer;
    private final TimerTask alarm;
    private @Nullable Timeout timeout;
    private long firesAt;

    /** An alarm is told on the timer's thread. */
    StreamTimer(Timer timer, Runnable alarm) {
        this.timer = timer;
        this.alarm = fired -> alarm.run();
    }

    private static Timer wheel() {
        return new HashedWheelTimer(
                new DefaultThreadFactory("ai-stream-clock", true), TICK_MILLIS, TimeUnit.MILLISECONDS, TICKS, false);
    }

    /**
     * Makes the alarm go off by a time.
     * @param now a reading of the monotonic clock
     * @param left nanoseconds from then; {@link StreamClocks#NEVER} changes nothing
     */
    void fireWithin(long now, long left) {
        if (left == StreamClocks.NEVER || (timeout != null && firesAt - now <= left)) {
            return;
        }
        stop();
        firesAt = now + left;
        timeout = timer.newTimeout(alarm, left, TimeUnit.NANOSECONDS);
    }

    /** The alarm has gone off. */
    void fired() {
        timeout = null;
    }

    void stop() {
        if (timeout != null) {
            timeout.cancel();
            timeout = null;
        }
    }
}
