package dev.aistream.autoconfigure.relay.webmvc;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import reactor.core.scheduler.Schedulers;

/**
 * Platform threads that write to browsers: a few, and one more for each write that is stuck.
 *
 * <p>A relay has one write at a time, so that no more can wait than there are relays. While writes wait or are stuck,
 * we look each {@value #LOOK_MILLIS} ms: a write that lasts from one look to the next is stuck. Writes that still wait at
 * the second look may get stuck too, so that some threads are added for them as well, for the time being.
 */
final class WriterPool implements Executor, AutoCloseable {

    private static final int LOOK_MILLIS = 10;
    private static final int MOST_ADDED_FOR_WAITING = 16;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final int minThreads;
    private final int maxThreads;
    private final ThreadPoolExecutor pool;
    private final Set<Write> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    WriterPool(String threadName, int minThreads, int maxThreads) {
        this.minThreads = Math.min(minThreads, maxThreads);
        this.maxThreads = maxThreads;
        CustomizableThreadFactory threads = new CustomizableThreadFactory(threadName);
        threads.setDaemon(true);
        this.pool = new ThreadPoolExecutor(
                this.minThreads,
                this.minThreads,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                threads);
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable write) {
        pool.execute(new Write(write));
        lookIfWritesWait();
    }

    /** Ends the threads that are idle, and the others after their write. */
    @Override
    public void close() {
        pool.shutdown();
    }

    int size() {
        return pool.getPoolSize();
    }

    int largestSize() {
        return pool.getLargestPoolSize();
    }

    private void lookIfWritesWait() {
        if (!pool.getQueue().isEmpty() && looking.compareAndSet(false, true)) {
            lookLater(false);
        }
    }

    private void lookLater(boolean waitedBefore) {
        Schedulers.parallel().schedule(() -> look(waitedBefore), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(boolean waitedBefore) {
        int stuck = countStuck();
        int waiting = pool.getQueue().size();
        int added = waitedBefore ? Math.min(waiting, MOST_ADDED_FOR_WAITING) : 0;
        int threads = resize(minThreads + stuck + added);
        if (stuck != 0 || waiting != 0 || threads != minThreads) {
            lookLater(waiting != 0);
        } else {
            looking.set(false);
            lookIfWritesWait();
        }
    }

    private int countStuck() {
        int stuck = 0;
        for (Write write : running) {
            if (write.seen) {
                stuck++;
            }
            write.seen = true;
        }
        return stuck;
    }

    /** To the threads needed, at once to more and one by one to fewer; the one too many leaves as soon as it is idle. */
    private int resize(int needed) {
        int before = pool.getMaximumPoolSize();
        int threads = Math.min(maxThreads, Math.max(needed, before - 1));
        if (threads > before) {
            pool.setMaximumPoolSize(threads);
            pool.setCorePoolSize(threads);
        } else if (threads < before) {
            pool.setCorePoolSize(threads);
            pool.setMaximumPoolSize(threads);
        }
        return threads;
    }

    private final class Write implements Runnable {

        private final Runnable write;
        // The look's own.
        private boolean seen;

        Write(Runnable write) {
            this.write = write;
        }

        @Override
        public void run() {
            running.add(this);
            try {
                write.run();
            } finally {
                running.remove(this);
            }
        }
    }
}
