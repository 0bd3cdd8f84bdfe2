package dev.aistream.autoconfigure.relay.webmvc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Knows the thread that writes to a browser, to break the write off.
 *
 * <p>The only handle that the Servlet API leaves is the thread's interrupt. Jetty gives up a write at once. Tomcat
 * waits on in spite of one, and gives up where the thread is interrupted again before it tries the socket anew: so
 * we interrupt in bursts until the write is given up. Should all of them miss, the container's own timeout ends it.
 */
final class WriteInProgress {

    private static final int BURST = 200;
    private static final int MOST_BURSTS = 5000;
    private static final Duration BETWEEN_BURSTS = Duration.ofMillis(4);

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
        Flux.interval(Duration.ZERO, BETWEEN_BURSTS)
                .onBackpressureDrop()
                .take(MOST_BURSTS)
                .takeWhile(burst -> !isGivenUp())
                .subscribe(burst -> interruptOften());
    }

    private void interruptOften() {
        for (int i = 0; i < BURST && interrupt(); i++) {
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
