package dev.aistream.autoconfigure.relay.webmvc;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import reactor.core.scheduler.Schedulers;

/**
 * Platform threads that write to browsers: a few, and more only while writes wait because others are stuck.
 *
 * <p>A relay has one write at a time, so that no more can wait than there are relays. Writes that wait are looked
 * after every {@value #LOOK_MILLIS} ms: if some have waited since the last look, threads are added.
 */
final class WriterPool implements Executor, AutoCloseable {

    private static final int LOOK_MILLIS = 10;
    private static final int MOST_ADDED_AT_ONCE = 16;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final int minThreads;
    private final int maxThreads;
    private final ThreadPoolExecutor pool;
    private final AtomicBoolean looking = new AtomicBoolean();

    WriterPool(String threadName, int minThreads, int maxThreads) {
        this.minThreads = Math.min(minThreads, maxThreads);
        this.maxThreads = maxThreads;
        CustomizableThreadFactory threads = new CustomizableThreadFactory(threadName);
        threads.setDaemon(true);
        this.pool = new ThreadPoolExecutor(
                this.minThreads,
                maxThreads,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                threads);
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable write) {
        pool.execute(write);
        if (!pool.getQueue().isEmpty() && looking.compareAndSet(false, true)) {
            lookLater(false);
        }
    }

    /** Ends the threads that are idle, and the others after their write. */
    @Override
    public void close() {
        pool.shutdown();
    }

    int largestSize() {
        return pool.getLargestPoolSize();
    }

    private void lookLater(boolean waitedBefore) {
        Schedulers.parallel().schedule(() -> look(waitedBefore), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(boolean waitedBefore) {
        int waiting = pool.getQueue().size();
        if (waiting == 0) {
            pool.setCorePoolSize(minThreads);
            looking.set(false);
            if (!pool.getQueue().isEmpty() && looking.compareAndSet(false, true)) {
                lookLater(false);
            }
            return;
        }
        if (waitedBefore) {
            int added = Math.min(waiting, MOST_ADDED_AT_ONCE);
            pool.setCorePoolSize(Math.min(maxThreads, pool.getCorePoolSize() + added));
        }
        lookLater(true);
    }
}
