package dev.aistream.autoconfigure.relay.webmvc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Knows the thread that writes, to break the write off.
 *
 * <p>The only handle that the Servlet API leaves is the thread's interrupt. Jetty gives up a write at once. Tomcat
 * waits on in spite of one, but gives up where the thread is interrupted again before it tries the socket anew: so we
 * interrupt in bursts until the write is over. Should all of them miss, the container's own timeout ends it.
 */
final class WriteInProgress {

    private static final int BURST = 200;
    private static final int MOST_BURSTS = 1000;
    private static final Duration BETWEEN_BURSTS = Duration.ofMillis(2);

    private @Nullable Thread thread;

    synchronized void begin() {
        thread = Thread.currentThread();
    }

    /** Leaves no interrupt behind for what the thread does next. */
    @SuppressWarnings("ReturnValueIgnored")
    synchronized void end() {
        thread = null;
        Thread.interrupted();
    }

    /** Returns at once. Does nothing where no write is in progress. */
    void breakOff() {
        if (isInProgress()) {
            Flux.interval(Duration.ZERO, BETWEEN_BURSTS)
                    .take(MOST_BURSTS)
                    .takeWhile(burst -> isInProgress())
                    .subscribe(burst -> interruptOften());
        }
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

    private synchronized boolean isInProgress() {
        return thread != null;
    }
}
