package dev.aistream.benchmarks.macro;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Tells when the code is compiled: the compiler has had next to nothing to do for a while. What it does later would
 * count as the client's own work.
 */
final class WarmUp {

    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long BUSY_MILLIS = 10;
    private static final int QUIET_SAMPLES = 2;
    private static final long THEN_MILLIS = 3000;
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private final long end;
    private long nextSample;
    private long compiling = COMPILER.getTotalCompilationTime();
    private int quiet;

    /** Begins now, and waits at most three seconds for the compiler. */
    WarmUp(long leastMillis) {
        this(leastMillis, THEN_MILLIS);
    }

    /**
     * Begins now.
     * @param leastMillis how long the code runs anyway, before the compiler is looked at
     * @param thenMillis for how long the compiler is waited for then, since some keep it busy without end
     */
    WarmUp(long leastMillis, long thenMillis) {
        long now = System.nanoTime();
        nextSample = now + TimeUnit.MILLISECONDS.toNanos(leastMillis);
        end = nextSample + TimeUnit.MILLISECONDS.toNanos(thenMillis);
    }

    boolean isOver() {
        long now = System.nanoTime();
        if (now < nextSample) {
            return false;
        }
        long total = COMPILER.getTotalCompilationTime();
        quiet = total - compiling <= BUSY_MILLIS ? quiet + 1 : 0;
        compiling = total;
        nextSample = now + SAMPLE_NANOS;
        return quiet == QUIET_SAMPLES || now > end;
    }

    void await() throws InterruptedException {
        while (!isOver()) {
            Thread.sleep(50);
        }
    }
}
