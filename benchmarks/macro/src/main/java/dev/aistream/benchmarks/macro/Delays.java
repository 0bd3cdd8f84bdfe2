package dev.aistream.benchmarks.macro;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Delays from the server's write to the reader, counted while the window is open. Thread-safe. */
final class Delays {

    private static final int BUCKETS = 500_000;
    private static final long BUCKET_NANOS = 20_000;

    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
    private final AtomicLong count = new AtomicLong();
    private volatile boolean open;

    void open() {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            buckets.setPlain(bucket, 0);
        }
        count.set(0);
        open = true;
    }

    void close() {
        open = false;
    }

    void add(long nanos) {
        if (open) {
            buckets.incrementAndGet((int) Math.min(Math.max(0, nanos) / BUCKET_NANOS, BUCKETS - 1));
            count.incrementAndGet();
        }
    }

    long count() {
        return count.get();
    }

    /** In milliseconds. */
    double quantile(double quantile) {
        long left = (long) (count.get() * quantile);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            left -= buckets.get(bucket);
            if (left < 0) {
                return (bucket + 1) * BUCKET_NANOS / 1e6;
            }
        }
        return 0;
    }
}
