package dev.aistream.autoconfigure.relay.webmvc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Knows the thread that writes to a browser, to break the write off.
 *
 * <p>The only handle that the Servlet API leaves is the thread's interrupt. Jetty gives up a write at once. Tomcat takes
 * an interrupt of a waiting thread for a false alarm, but refuses to write on an interrupted one: it gives up where the
 * thread is interrupted again between its waking and its next try of the socket. So we interrupt in bursts that outlast
 * the waking, until the write is given up. Should all of them miss, the container's own timeout ends the write.
 */
final class WriteInProgress {

    private static final long BURST_NANOS = 300_000;
    private static final int MOST_BURSTS = 1000;
    private static final Duration BETWEEN_BURSTS = Duration.ofMillis(20);

    private @Nullable Thread thread;
    private boolean givenUp;

    synchronized void begin() {
        thread = Thread.currentThread();
    }

    /** Leaves no interrupt behind for what the thread does next. */
    @SuppressWarnings("ReturnValueIgnored")
    synchronized void end() {
        thread = null;
        Thread.interrupted();
    }

    /** Nothing more will be written. */
    synchronized void giveUp() {
        givenUp = true;
    }

    /** Breaks off this write and each that follows, on a timer's thread. */
    void breakOff() {
        Flux.interval(Duration.ZERO, BETWEEN_BURSTS, Schedulers.single())
                .onBackpressureDrop()
                .take(MOST_BURSTS)
                .takeWhile(burst -> !isGivenUp())
                .subscribe(burst -> interruptOften());
    }

    private void interruptOften() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < BURST_NANOS && interrupt()) {
            Thread.onSpinWait();
        }
    }

    private synchronized boolean interrupt() {
        if (thread == null) {
            return false;
        }
        thread.interrupt();
        return true;
    }

    private synchronized boolean isGivenUp() {
        return givenUp;
    }
}
