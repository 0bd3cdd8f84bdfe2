package dev.aistream.provider;

import dev.aistream.chat.ChatException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long one stream may still be silent, in nanoseconds of a monotonic clock that its caller reads: not for each
 * buffer, which would cost as much as handing it on, but at least once in each {@link #LATENESS}th of the shortest
 * silence. So idle and gap clocks run out late by up to that part, or 100 ms, and never early.
 *
 * <pre>
 * WAITING_FOR_HEAD --opened--> WAITING_FOR_OUTPUT --output--> STREAMING
 *      timeout                  first-token, idle              gap, idle
 *          \___________________________|____________________________/
 *                                   stopped
 *                            |  drain (optional)
 *                         DRAINING --> over
 * </pre>
 *
 * <p>Time during which the reader asks for nothing does not count. A clock that is zero or negative never runs out.
 * Not thread-safe.
 */
final class StreamClocks {

    /** No clock runs. */
    static final long NEVER = Long.MAX_VALUE;

    /** After a finish reason, silence of this length ends an answer whose {@code [DONE]} does not come. */
    static final Duration GRACE = Duration.ofSeconds(2);

    /** Part of a silence by which its end may be noticed late. */
    static final int LATENESS = 16;

    private static final long GRACE_NANOS = GRACE.toNanos();
    private static final long LEAST_INTERVAL = Duration.ofMillis(100).toNanos();

    private enum Phase {
        WAITING_FOR_HEAD,
        WAITING_FOR_OUTPUT,
        STREAMING,
        DRAINING,
        STOPPED
    }

    private final long timeout;
    private final long firstToken;
    private final long idle;
    private final long gap;
    private final long interval;
    private Phase phase = Phase.WAITING_FOR_HEAD;
    /** When the phase began, or, while streaming, when the last output came. */
    private long mark;

    private long lastBytes;
    private long pausedAt;
    private boolean paused;
    private boolean completable;
    private long drainNanos;

    StreamClocks(ProviderCall call, long now) {
        this.timeout = nanos(call.timeout());
        this.firstToken = nanos(call.firstTokenTimeout());
        this.idle = nanos(call.idleTimeout());
        this.gap = nanos(call.gapTimeout());
        long silence = Math.min(idle, gap);
        this.interval = silence == NEVER ? NEVER : Math.max(LEAST_INTERVAL, silence / LATENESS);
        this.mark = now;
    }

    private static long nanos(@Nullable Duration duration) {
        if (duration == null || duration.isNegative() || duration.isZero()) {
            return NEVER;
        }
        return duration.compareTo(Duration.ofNanos(NEVER)) >= 0 ? NEVER : duration.toNanos();
    }

    /** The response head has come. */
    void opened(long now) {
        if (phase == Phase.WAITING_FOR_HEAD) {
            phase = Phase.WAITING_FOR_OUTPUT;
            mark = now;
            lastBytes = now;
            pausedAt = now;
        }
    }

    /** Bytes have come since the last reading, or the reader was busy with what had come before. */
    void bytes(long now) {
        lastBytes = now;
    }

    /** As {@link #bytes}, of output. */
    void output(long now) {
        if (isOpen()) {
            phase = Phase.STREAMING;
            mark = now;
        }
    }

    /** Whether the next bytes have to be timed exactly. */
    boolean isExact() {
        return completable;
    }

    /** Whether the grace runs; see {@link StreamDecoder#completable()}. */
    void completable(boolean completable) {
        this.completable = completable;
    }

    void pause(long now) {
        if (!paused) {
            paused = true;
            pausedAt = now;
        }
    }

    boolean paused() {
        return paused;
    }

    void resume(long now) {
        if (paused) {
            paused = false;
            mark += now - pausedAt;
            lastBytes += now - pausedAt;
        }
    }

    /** The answer is whole: its body may still end within this time. */
    void drain(long now, Duration limit) {
        phase = Phase.DRAINING;
        paused = false;
        mark = now;
        drainNanos = limit.toNanos();
    }

    void stop() {
        phase = Phase.STOPPED;
    }

    /** Nanoseconds until the clocks have to be read, {@link #NEVER} if none runs; zero or less if one has run out. */
    long remaining(long now) {
        return switch (phase) {
            case WAITING_FOR_HEAD -> left(timeout, now - mark);
            case WAITING_FOR_OUTPUT -> Math.min(left(firstToken, now - mark), silence(now));
            case STREAMING -> Math.min(left(gap, now - mark), silence(now));
            case DRAINING -> left(drainNanos, now - mark);
            case STOPPED -> NEVER;
        };
    }

    private long silence(long now) {
        long left = left(completable ? Math.min(idle, GRACE_NANOS) : idle, now - lastBytes);
        return paused ? NEVER : Math.min(left, interval);
    }

    private long left(long limit, long passed) {
        return paused || limit == NEVER ? NEVER : limit - passed;
    }

    /** Whether the silence after a finish reason has lasted long enough to end the answer. */
    boolean graceIsOver(long now) {
        return completable && isOpen() && left(GRACE_NANOS, now - lastBytes) <= 0;
    }

    /** Which clock has run out; null if none has. */
    @Nullable
    Kind expired(long now) {
        if (phase == Phase.WAITING_FOR_HEAD) {
            return left(timeout, now - mark) <= 0 ? Kind.TIMEOUT : null;
        }
        if (!isOpen()) {
            return null;
        }
        if (left(idle, now - lastBytes) <= 0) {
            return Kind.IDLE_TIMEOUT;
        }
        if (phase == Phase.STREAMING) {
            return left(gap, now - mark) <= 0 ? Kind.GAP_TIMEOUT : null;
        }
        return left(firstToken, now - mark) <= 0 ? Kind.FIRST_TOKEN_TIMEOUT : null;
    }

    private boolean isOpen() {
        return phase == Phase.WAITING_FOR_OUTPUT || phase == Phase.STREAMING;
    }
}
