package dev.aistream.autoconfigure.relay.webmvc;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** Where writes to browsers run: on virtual threads, or on a pool that grows with the writes that are stuck. */
final class WriterExecutors {

    private static final String THREAD_NAME = "ai-relay-writer-";
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private WriterExecutors() {}

    static Executor create(int maxThreads) {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS
                ? new VirtualThreadTaskExecutor(THREAD_NAME)
                : pool(maxThreads);
    }

    /**
     * A pool that hands a write to an idle thread, else starts one up to {@code maxThreads}, and only then lets it
     * wait. A relay has one write at a time, so that no more wait than there are relays.
     */
    static ThreadPoolExecutor pool(int maxThreads) {
        CustomizableThreadFactory threads = new CustomizableThreadFactory(THREAD_NAME);
        threads.setDaemon(true);
        return new ThreadPoolExecutor(
                0, maxThreads, 10, TimeUnit.SECONDS, new HandOverFirst(), threads, (write, pool) -> {
                    if (pool.isShutdown() || !((HandOverFirst) pool.getQueue()).await(write)) {
                        throw new RejectedExecutionException("The relay's writers have stopped");
                    }
                });
    }

    /** Refuses what no idle thread takes, whereupon the pool starts one or calls its rejection handler. */
    private static final class HandOverFirst extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable write) {
            return tryTransfer(write);
        }

        boolean await(Runnable write) {
            return super.offer(write);
        }
    }
}
