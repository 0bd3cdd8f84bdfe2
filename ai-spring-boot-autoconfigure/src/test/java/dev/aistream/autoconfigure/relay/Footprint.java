package dev.aistream.autoconfigure.relay;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;

/**
 * What this JVM holds after a collection.
 *
 * @param containerThreads Tomcat's, for requests
 * @param otherThreads all others that are no virtual threads
 */
record Footprint(long heapBytes, long directBytes, int containerThreads, int otherThreads) {

    static Footprint now() {
        System.gc();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        int container = named(threads, "http-nio-");
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                directBytesInUse(),
                container,
                threads.size() - container);
    }

    long memoryBytes() {
        return heapBytes + directBytes;
    }

    private static int named(Set<Thread> threads, String prefix) {
        return (int) threads.stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static long directBytesInUse() {
        return Math.max(0, PlatformDependent.usedDirectMemory())
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }

    @Override
    public String toString() {
        return "heap %.1f MB, direct %.1f MB, threads: %d of the container, %d others"
                .formatted(heapBytes / 1e6, directBytes / 1e6, containerThreads, otherThreads);
    }
}
