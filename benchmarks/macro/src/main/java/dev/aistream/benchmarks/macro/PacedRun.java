package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;

/**
 * Many streams at once, each at a pace. All are opened, then run until the code is compiled, and only then is measured:
 * a window in which nothing begins and nothing ends. After it the server ends them, and all are read to their end.
 */
final class PacedRun {

    private static final long WINDOW_MILLIS = 2400;
    private static final long LEAST_WARM_UP_MILLIS = 500;
    private static final long END_SECONDS = 10;
    private static final int STARTED_AT_ONCE = 50;
    /** What fewer streams hold is less than what the connections of earlier ones give back meanwhile. */
    private static final int ENOUGH_TO_WEIGH = 2000;

    private static final int STAMP_AT = WireChunk.TEXT.event().indexOf(WireChunk.STAMP);

    private final StreamClient client;
    private final int streams;
    private final int millis;
    private final Delays delays = new Delays();
    private final Meter meter;
    private final List<Reading> readings = new ArrayList<>();
    private long started;

    PacedRun(StreamClient client, Meter meter, int streams, int millis) {
        this.client = client;
        this.meter = meter;
        this.streams = streams;
        this.millis = millis;
    }

    /** By itself, from the server's beginning to its end. */
    Figures run(String server) throws IOException, InterruptedException {
        ChunkServer.beginPaced(server);
        long heapBefore = Meter.heap();
        open();
        start();
        // A whole number of chunks of each stream, so that every run counts as many.
        Thread.sleep(Math.max(1, WINDOW_MILLIS / millis) * millis);
        Figures figures = stop();
        if (streams >= ENOUGH_TO_WEIGH) {
            figures.values().put("heapPerStream", (double) (Meter.heap() - heapBefore) / streams);
        }
        double sent = ChunkServer.endPaced(server);
        figures.values().put("complete", end() / sent);
        return figures;
    }

    /** Opens the streams. Returns when the code is compiled. */
    Figures open() throws InterruptedException {
        for (int i = 0; i < streams; i++) {
            Reading reading = new Reading();
            readings.add(reading);
            reading.ended = client.stream(ChunkServer.paced(millis), reading);
            if (i % STARTED_AT_ONCE == STARTED_AT_ONCE - 1) {
                Thread.sleep(10);
            }
        }
        new WarmUp(millis + LEAST_WARM_UP_MILLIS).await();
        return Control.of("warm", 1);
    }

    /** Begins the window that is measured. */
    Figures start() {
        delays.open();
        started = System.nanoTime();
        meter.start();
        return Control.of("started", 1);
    }

    /** Ends it. */
    Figures stop() {
        delays.close();
        double due = (System.nanoTime() - started) / 1e6 / millis * streams;
        Figures figures = meter.stop(delays.count());
        figures.values().put("p50Millis", delays.quantile(0.5));
        figures.values().put("p99Millis", delays.quantile(0.99));
        figures.values().put("onTime", delays.count() / due);
        return figures;
    }

    /** After the server has ended them: how many chunks had those streams that ended well. */
    long end() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
        long read = 0;
        Set<String> failures = new TreeSet<>();
        for (Reading reading : readings) {
            try {
                reading.ended.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                read += reading.chunks;
            } catch (ExecutionException | TimeoutException failed) {
                failures.add(failed.toString());
            }
        }
        failures.forEach(System.err::println);
        return read;
    }

    /** One stream; the time that a chunk was sent stands in its text, or at its place among the bytes. */
    private final class Reading implements StreamClient.Reader {

        private final Stamps stamps = new Stamps(this::stamp);
        private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
        private long bytes;
        private volatile int chunks;

        /** Some clients hand out an empty text for the last chunk. */
        @Override
        public void text(String fragment) {
            if (fragment.length() < WireChunk.STAMP_DIGITS) {
                return;
            }
            int from = fragment.indexOf('0');
            stamp(Long.parseLong(fragment, from, from + WireChunk.STAMP_DIGITS, 10));
        }

        /** Looks at the time and the character after it, and at nothing else: the floor is to cost nothing. */
        @Override
        public void bytes(DataBuffer buffer) {
            int from = buffer.readPosition();
            int length = buffer.readableByteCount();
            int at = 0;
            while (at < length) {
                int inEvent = (int) ((bytes + at) % WireChunk.EVENT_BYTES);
                if (inEvent < STAMP_AT) {
                    at += STAMP_AT - inEvent;
                } else if (inEvent <= STAMP_AT + WireChunk.STAMP_DIGITS) {
                    stamps.next(buffer.getByte(from + at));
                    at++;
                } else {
                    at += WireChunk.EVENT_BYTES - inEvent;
                }
            }
            bytes += length;
        }

        private void stamp(long sent) {
            delays.add(System.nanoTime() - sent);
            chunks = chunks + 1;
        }
    }
}
