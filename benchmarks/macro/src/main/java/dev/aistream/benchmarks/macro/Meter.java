package dev.aistream.benchmarks.macro;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
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
    private long allocated;
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
        values.put("bytes", (allocated() - allocated) / count);
        values.put("threads", (double) THREADS.getPeakThreadCount());
        values.put("jitPercent", (COMPILER.getTotalCompilationTime() - compiling) / millis * 100);
        return new Figures(values);
    }

    /** Bytes of the heap in use after a collection. */
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
