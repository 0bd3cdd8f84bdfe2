package dev.aistream.benchmarks.macro;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What this process uses between {@link #start} and {@link #stop}, by the JVM's own counters.
 *
 * <p>{@code jitPercent} tells how much of the time the compiler was busy: where it is more than a few, the process was
 * not warm.
 */
public final class Meter {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private long time;
    private long cpu;
    private Map<Long, Long> allocated = Map.of();
    private long compiling;

    /** To be made before the code is warm: the first use loads classes, and undoes what was compiled without them. */
    public Meter() {
        start();
        stop(1);
    }

    public void start() {
        THREADS.resetPeakThreadCount();
        allocated = allocated();
        compiling = COMPILER.getTotalCompilationTime();
        time = System.nanoTime();
        cpu = SYSTEM.getProcessCpuTime();
    }

    /**
     * The figures since the start.
     * @param count what to divide CPU and allocation by
     */
    public Figures stop(double count) {
        long used = SYSTEM.getProcessCpuTime() - cpu;
        double millis = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - time) / 1e3;
        Map<String, Double> values = new TreeMap<>();
        values.put("cpuMicros", used / 1e3 / count);
        values.put("bytes", allocatedSince(allocated) / count);
        values.put("threads", (double) THREADS.getPeakThreadCount());
        values.put("jitPercent", (COMPILER.getTotalCompilationTime() - compiling) / millis * 100);
        return new Figures(values);
    }

    /** Bytes of the heap in use after a collection. */
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** By thread, since on JDK 17 there is no sum that holds what ended threads had allocated. */
    private static Map<Long, Long> allocated() {
        long[] threads = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(threads);
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < threads.length; i++) {
            byThread.put(threads[i], Math.max(0, bytes[i]));
        }
        return byThread;
    }

    /** In bytes, of the threads that live: one that ended in between is not counted at all, rather than as given back. */
    private static double allocatedSince(Map<Long, Long> before) {
        long sum = 0;
        for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
            sum += Math.max(0, thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
        }
        return sum;
    }
}
