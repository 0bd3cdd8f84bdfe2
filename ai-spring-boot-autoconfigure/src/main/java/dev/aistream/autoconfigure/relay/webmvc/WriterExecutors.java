package dev.aistream.autoconfigure.relay.webmvc;

import java.util.concurrent.Executor;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Where writes to browsers run. */
final class WriterExecutors {

    private static final String THREAD_NAME = "ai-relay-writer-";
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private WriterExecutors() {}

    /** A virtual thread for each write where the JVM has them, else a pool. */
    static Executor create(int maxThreads) {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS
                ? new VirtualThreadTaskExecutor(THREAD_NAME)
                : new WriterPool(THREAD_NAME, 2 * Runtime.getRuntime().availableProcessors(), maxThreads);
    }
}
