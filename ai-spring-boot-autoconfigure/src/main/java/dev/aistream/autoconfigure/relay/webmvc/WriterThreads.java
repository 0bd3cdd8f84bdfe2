package dev.aistream.autoconfigure.relay.webmvc;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads for the few writes that may wait for a browser: none of the application's. */
final class WriterThreads {

    private static final String NAME = "ai-relay-writer";
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final int MOST_PLATFORM_THREADS = 256;
    private static final int IDLE_SECONDS = 10;

    private WriterThreads() {}

    /** A virtual thread for each write where the JVM has them, else a bounded pool, which is empty until it is used. */
    static Scheduler create() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS
                ? Schedulers.fromExecutor(new VirtualThreadTaskExecutor(NAME + '-'))
                : Schedulers.newBoundedElastic(
                        MOST_PLATFORM_THREADS, Schedulers.DEFAULT_BOUNDED_ELASTIC_QUEUESIZE, NAME, IDLE_SECONDS, true);
    }
}
