package dev.aistream.benchmarks.macro;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One client in a process of its own: {@code CLIENT http://host:port burst CHUNKS ROUNDS}, {@code … paced STREAMS
 * CHUNKS MILLIS} or {@code … first CALLS}. Prints one line of {@code name=value} figures.
 */
final class ClientMain {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int BUCKETS = 200_000;
    private static final long BUCKET_NANOS = 100_000;

    private ClientMain() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String server = arguments[1];
        Map<String, Object> figures = switch (arguments[2]) {
            case "burst" -> burst(name, server, Long.parseLong(arguments[3]), Integer.parseInt(arguments[4]));
            case "paced" ->
                paced(
                        name,
                        server,
                        Integer.parseInt(arguments[3]),
                        Long.parseLong(arguments[4]),
                        Long.parseLong(arguments[5]));
            case "first" -> first(name, server, Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException(arguments[2]);
        };
        StringBuilder line = new StringBuilder();
        figures.forEach((figure, value) -> line.append(figure)
                .append('=')
                .append(value instanceof Double number ? String.format(Locale.ROOT, "%.3f", number) : value)
                .append(' '));
        System.out.println(line.toString().strip());
        System.exit(0);
    }

    /** One stream after the other, as quickly as it comes. */
    private static Map<String, Object> burst(String name, String server, long chunks, int rounds) throws Exception {
        StreamClient client = StreamClients.of(name, server + "/burst-" + chunks + "/v1");
        Count count = new Count();
        long warmUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        while (System.nanoTime() < warmUntil) {
            client.stream(count).get(2, TimeUnit.MINUTES);
        }
        double[] wall = new double[rounds];
        long cpu = SYSTEM.getProcessCpuTime();
        long allocated = allocated();
        for (int round = 0; round < rounds; round++) {
            count.reset();
            long start = System.nanoTime();
            client.stream(count).get(2, TimeUnit.MINUTES);
            wall[round] = (System.nanoTime() - start) / 1000.0 / chunks;
            count.check(client, chunks);
        }
        double total = (double) chunks * rounds;
        Map<String, Object> figures = new TreeMap<>();
        figures.put("cpuMicros", (SYSTEM.getProcessCpuTime() - cpu) / 1000.0 / total);
        figures.put("bytes", (allocated() - allocated) / total);
        Arrays.sort(wall);
        figures.put("wallMicros", wall[rounds / 2]);
        return figures;
    }

    /** Many streams at once, each at a pace; the warm-up is a run of a fifth of them. */
    private static Map<String, Object> paced(String name, String server, int streams, long chunks, long millis)
            throws Exception {
        StreamClient warm = StreamClients.of(name, server + "/paced-20-" + Math.max(20, millis / 10) + "/v1");
        run(warm, Math.max(1, streams / 5), new Count(), new Delays());
        StreamClient client = StreamClients.of(name, server + "/paced-" + chunks + "-" + millis + "/v1");
        System.gc();
        long heapBefore = heap();
        THREADS.resetPeakThreadCount();
        Delays delays = new Delays();
        Count count = new Count();
        long cpu = SYSTEM.getProcessCpuTime();
        long allocated = allocated();
        List<CompletableFuture<Void>> running = start(client, streams, count, delays);
        Thread.sleep(millis * chunks / 2);
        long used = SYSTEM.getProcessCpuTime();
        System.gc();
        long collection = SYSTEM.getProcessCpuTime() - used;
        long heap = heap() - heapBefore;
        int failed = await(running, millis * chunks);
        double total = (double) chunks * streams;
        Map<String, Object> figures = new TreeMap<>();
        figures.put("cpuMicros", (SYSTEM.getProcessCpuTime() - cpu - collection) / 1000.0 / total);
        figures.put("bytes", (allocated() - allocated) / total);
        figures.put("threads", THREADS.getPeakThreadCount());
        figures.put("heapPerStream", heap / streams);
        figures.put("failed", failed);
        figures.put("p50Millis", delays.quantile(0.5));
        figures.put("p99Millis", delays.quantile(0.99));
        figures.put(
                "complete",
                client.decodes() ? delays.count() / total : count.bytes() / ChunkServer.EVENT_BYTES / total);
        return figures;
    }

    private static void run(StreamClient client, int streams, Count count, Delays delays) throws Exception {
        await(start(client, streams, count, delays), 10_000);
    }

    private static List<CompletableFuture<Void>> start(StreamClient client, int streams, Count count, Delays delays)
            throws InterruptedException {
        List<CompletableFuture<Void>> running = new ArrayList<>(streams);
        for (int i = 0; i < streams; i++) {
            running.add(client.stream(new StreamClient.Reader() {
                @Override
                public void text(String fragment) {
                    delays.add(System.nanoTime(), fragment);
                }

                @Override
                public void bytes(int bytes) {
                    count.bytes(bytes);
                }
            }));
            if (i % 100 == 99) {
                Thread.sleep(10);
            }
        }
        return running;
    }

    private static int await(List<CompletableFuture<Void>> running, long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * millis + 10_000);
        int failed = 0;
        for (CompletableFuture<Void> stream : running) {
            try {
                stream.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                failed++;
            }
        }
        return failed;
    }

    /** Time to the first fragment, or to the first bytes: of the first call of this JVM, and the median of the others. */
    private static Map<String, Object> first(String name, String server, int calls) throws Exception {
        StreamClient client = StreamClients.of(name, server + "/burst-1/v1");
        double[] millis = new double[calls];
        for (int call = 0; call < calls; call++) {
            CompletableFuture<Long> first = new CompletableFuture<>();
            long start = System.nanoTime();
            CompletableFuture<Void> stream = client.stream(new StreamClient.Reader() {
                @Override
                public void text(String fragment) {
                    first.complete(System.nanoTime());
                }

                @Override
                public void bytes(int count) {
                    first.complete(System.nanoTime());
                }
            });
            millis[call] = (first.get(1, TimeUnit.MINUTES) - start) / 1e6;
            stream.get(1, TimeUnit.MINUTES);
        }
        Map<String, Object> figures = new TreeMap<>();
        figures.put("firstCallMillis", millis[0]);
        double[] warm = Arrays.copyOfRange(millis, calls / 2, calls);
        Arrays.sort(warm);
        figures.put("medianMillis", warm[warm.length / 2]);
        return figures;
    }

    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What has arrived, so that no client is quick by leaving something out. */
    private static final class Count implements StreamClient.Reader {

        private final AtomicLong characters = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();

        @Override
        public void text(String fragment) {
            characters.setPlain(characters.getPlain() + fragment.length());
        }

        @Override
        public void bytes(int count) {
            bytes.addAndGet(count);
        }

        long bytes() {
            return bytes.get();
        }

        void reset() {
            characters.set(0);
            bytes.set(0);
        }

        void check(StreamClient client, long chunks) {
            boolean whole = client.decodes()
                    ? characters.get() == chunks * ChunkServer.TEXT_CHARS
                    : bytes.get() >= chunks * ChunkServer.EVENT_BYTES;
            if (!whole) {
                throw new IllegalStateException("Not whole: " + characters + " characters, " + bytes + " bytes");
            }
        }
    }

    /** Delays from the server's write to the reader, from the time that stands in the text. */
    private static final class Delays {

        private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
        private final AtomicLong count = new AtomicLong();

        void add(long now, String fragment) {
            String stamp = StreamClients.firstWord(fragment);
            if (stamp != null) {
                long bucket = Math.max(0, now - Long.parseLong(stamp)) / BUCKET_NANOS;
                buckets.incrementAndGet((int) Math.min(bucket, BUCKETS - 1));
                count.incrementAndGet();
            }
        }

        double count() {
            return count.get();
        }

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
}
