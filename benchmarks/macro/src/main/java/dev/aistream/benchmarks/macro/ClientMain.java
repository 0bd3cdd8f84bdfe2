package dev.aistream.benchmarks.macro;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;

/**
 * One client in a process of its own: {@code CLIENT URL}. Takes scenarios by lines to its standard input, and answers
 * each with {@link Figures}.
 *
 * <ul>
 *   <li>{@code cold}: time to the first fragment of the first call of the process
 *   <li>{@code first-CALLS}: time to the first fragment, of the first call of the process and of the second half
 *   <li>{@code next-CALLS}: time to the first fragment once the code is compiled, of calls that begin when the one
 *       before is quite over, and of half as many that begin as soon as it has ended
 *   <li>{@code burst-CHUNKS-KIND}: one stream after the other, as quickly as it comes
 *   <li>{@code again}: one more window of {@code next} or {@code burst}, whichever was last
 *   <li>{@code paced-STREAMS-MILLIS}: streams at once, each with a chunk of text every so many milliseconds
 *   <li>{@code open-STREAMS-MILLIS}, {@code start}, {@code stop}, {@code end}: the same in steps, for clients that are
 *       measured at once; the runner leads the server
 * </ul>
 */
final class ClientMain {

    private static final long LEAST_WARM_UP_MILLIS = 500;
    /** What a burst runs through is compiled as one large piece, on a thread whose time would count as the client's. */
    private static final long FIRST_BURST_COMPILE_MILLIS = 4000;

    private static final long BURST_COMPILE_MILLIS = 1000;

    /** Part of what a call runs through is compiled only after some 15,000 calls, earlier scenarios' included. */
    private static final long CALL_COMPILE_MILLIS = 6500;

    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MIN_BURSTS = 5;
    /** Longer than a client needs to be through with a call, its connection back in the pool. */
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final StreamClient client;
    private final String server;
    private final Meter meter = new Meter();
    private @Nullable PacedRun open;
    private @Nullable Callable<Figures> window;
    private boolean burstBefore;

    private ClientMain(StreamClient client, String server) {
        this.client = client;
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        ClientMain main = new ClientMain(StreamClients.of(arguments[0], arguments[1]), arguments[1]);
        System.out.println(Control.of("ready", 1));
        Control.serve(main::run);
        System.exit(0);
    }

    private Figures run(String scenario) throws Exception {
        String[] words = scenario.split("-", -1);
        return switch (words[0]) {
            case "cold" -> Control.of("firstCallMillis", firstFragments(1, 0)[0]);
            case "first" -> first(Integer.parseInt(words[1]));
            case "next" -> next(Integer.parseInt(words[1]));
            case "burst" -> burst(Long.parseLong(words[1]), WireChunk.valueOf(words[2].toUpperCase(Locale.ROOT)));
            case "again" -> Objects.requireNonNull(window).call();
            case "paced" -> paced(words).run(server);
            case "open" -> open(paced(words));
            case "start" -> opened().start();
            case "stop" -> opened().stop();
            case "end" -> Control.of("read", opened().end());
            default -> throw new IllegalArgumentException(scenario);
        };
    }

    private PacedRun paced(String[] words) {
        return new PacedRun(client, meter, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    }

    private Figures open(PacedRun run) throws InterruptedException {
        open = run;
        return run.open();
    }

    private PacedRun opened() {
        return Objects.requireNonNull(open);
    }

    private Figures burst(long chunks, WireChunk kind) throws Exception {
        WarmUp warmUp =
                new WarmUp(LEAST_WARM_UP_MILLIS, burstBefore ? BURST_COMPILE_MILLIS : FIRST_BURST_COMPILE_MILLIS);
        burstBefore = true;
        while (!warmUp.isOver()) {
            burstOnce(chunks, kind);
        }
        return firstOf(() -> bursts(chunks, kind));
    }

    private Figures firstOf(Callable<Figures> windows) throws Exception {
        window = windows;
        return windows.call();
    }

    private Figures bursts(long chunks, WireChunk kind) throws Exception {
        meter.start();
        double[] micros = new double[1000];
        int bursts = 0;
        long end = System.nanoTime() + BURST_NANOS;
        while (bursts < MIN_BURSTS || (bursts < micros.length && System.nanoTime() < end)) {
            micros[bursts++] = burstOnce(chunks, kind) / 1e3 / chunks;
        }
        Figures figures = meter.stop((double) chunks * bursts);
        figures.values().put("wallMicros", median(Arrays.copyOf(micros, bursts)));
        return figures;
    }

    /** In nanoseconds. */
    private long burstOnce(long chunks, WireChunk kind) throws Exception {
        Count count = new Count();
        long start = System.nanoTime();
        client.stream("burst-" + chunks + "-" + kind, count).get(2, TimeUnit.MINUTES);
        long nanos = System.nanoTime() - start;
        count.check(chunks, kind);
        return nanos;
    }

    private Figures first(int calls) throws Exception {
        double[] millis = firstFragments(calls, 0);
        Map<String, Double> values = new TreeMap<>();
        values.put("firstCallMillis", millis[0]);
        values.put("earlyMillis", median(Arrays.copyOfRange(millis, calls / 2, calls)));
        return new Figures(values);
    }

    private Figures next(int calls) throws Exception {
        WarmUp warmUp = new WarmUp(LEAST_WARM_UP_MILLIS, CALL_COMPILE_MILLIS);
        while (!warmUp.isOver()) {
            firstFragments(100, 0);
        }
        return firstOf(() -> nexts(calls));
    }

    private Figures nexts(int calls) throws Exception {
        double backToBack = median(firstFragments(calls / 2, 0));
        meter.start();
        double[] millis = firstFragments(calls, PAUSE_NANOS);
        Figures figures = meter.stop(calls);
        figures.values().put("medianMillis", median(millis));
        figures.values().put("backToBackMillis", backToBack);
        return figures;
    }

    /** How long each of so many calls, one after the other with a pause between them, took to the first fragment. */
    private double[] firstFragments(int calls, long pauseNanos) throws Exception {
        double[] millis = new double[calls];
        for (int call = 0; call < calls; call++) {
            CompletableFuture<Long> first = new CompletableFuture<>();
            long start = System.nanoTime();
            CompletableFuture<Void> stream = client.stream("burst-1-text", new StreamClient.Reader() {
                @Override
                public void text(String fragment) {
                    first.complete(System.nanoTime());
                }

                @Override
                public void bytes(DataBuffer buffer) {
                    first.complete(System.nanoTime());
                }
            });
            millis[call] = (first.get(1, TimeUnit.MINUTES) - start) / 1e6;
            stream.get(1, TimeUnit.MINUTES);
            LockSupport.parkNanos(pauseNanos);
        }
        return millis;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** What has arrived, so that no client is quick by leaving something out. */
    private static final class Count implements StreamClient.Reader {

        private volatile long characters;
        private volatile long bytes;

        @Override
        public void text(String fragment) {
            characters = characters + fragment.length();
        }

        @Override
        public void bytes(DataBuffer buffer) {
            bytes = bytes + buffer.readableByteCount();
        }

        void check(long chunks, WireChunk kind) {
            boolean whole =
                    bytes > 0 ? bytes >= chunks * WireChunk.EVENT_BYTES : characters >= chunks * kind.pieceChars();
            if (!whole) {
                throw new IllegalStateException("Not whole: " + characters + " characters, " + bytes + " bytes");
            }
        }
    }
}
