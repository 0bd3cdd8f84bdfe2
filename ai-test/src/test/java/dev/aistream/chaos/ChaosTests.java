package dev.aistream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.recordings.RecordedProviders;
import dev.aistream.test.Exchange;
import dev.aistream.test.Recordings;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.scheduler.Schedulers;

/**
 * Random faults at random bytes of real streams. However a stream is broken, it ends once, and what was emitted until
 * then is what the bytes say that were delivered.
 *
 * <p>{@code -Dchaos.runs=20000} for longer, {@code -Dchaos.seed=N} for the runs of an earlier, printed seed; with
 * {@code -Dchaos.runs=1} the one run that a failure names, {@code -Dchaos.repeat=100} for as many tries at each, {@code
 * -Dchaos.fault=RST} for one kind of fault.
 */
class ChaosTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int DEFAULT_RUNS = 250;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int MOST_FAILURES = 10;

    private final long seed = Long.getLong("chaos.seed", System.nanoTime());
    private final int runs = Integer.getInteger("chaos.runs", DEFAULT_RUNS);
    private final List<String> failures = new ArrayList<>();
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);

    @Test
    void everyBrokenStreamEndsOnceWithWhatItsBytesSay() throws Exception {
        System.out.println("chaos: " + runs + " runs, -Dchaos.seed=" + seed);
        Map<String, Long> threadsBefore;
        List<ChaosBody> bodies = bodies();
        try (BufferLeaks leaks = new BufferLeaks()) {
            try (ScriptedServer server = ScriptedServer.start();
                    ProviderConnector network = ProviderConnector.create()) {
                TappedConnector tap = new TappedConnector(network.connector());
                Map<String, ChatModel> models = models(server, tap);
                threadsBefore = warmUp(server, models.get("chat"));
                for (int run = 0; run < runs && failures.size() < MOST_FAILURES; run++) {
                    long runSeed = seed + run / Integer.getInteger("chaos.repeat", 1);
                    ChaosBody body = bodies.get(new SplittableRandom(~runSeed).nextInt(bodies.size()));
                    play(ChaosRun.of(runSeed, body), server, tap, models.get(body.api()));
                }
                network.close();
                assertThat(failures).isEmpty();
                server.awaitNoConnections(SOON);
            }
            assertThat(leaks.reports()).as("buffers left").isEmpty();
            threads().forEach((name, count) -> {
                long before = threadsBefore.getOrDefault(name, 0L);
                // A pool may start its last thread late.
                assertThat(count).as(name).isLessThanOrEqualTo(before == 0 ? 0 : Math.max(before, PROCESSORS));
            });
        }
        System.out.println("chaos: " + runs + " runs, each with one ending and nothing lost: " + counts);
    }

    private void play(ChaosRun run, ScriptedServer server, TappedConnector tap, ChatModel model) throws Exception {
        counts.merge(run.fault(), 1, Integer::sum);
        tap.clear();
        server.enqueue(run.script());
        StrictReader reader = new StrictReader();
        model.stream(request()).subscribe(reader);
        Exchange exchange = server.takeExchange(SOON);
        if (run.fault() == Fault.CANCEL) {
            exchange.awaitFinished(SOON);
            reader.cancel();
        } else if (!reader.awaitEnd(SOON)) {
            failures.add(run + ": no ending");
            reader.cancel();
        }
        List<String> found = new ArrayList<>(reader.breaches());
        found.addAll(new ChaosVerdict(run, tap.delivered(), reader).breaches());
        if (!run.endsProperly() && run.fault() != Fault.RST) {
            awaitClosed(exchange, found);
        }
        if (!found.isEmpty()) {
            failures.add(ascii(run + ": " + found));
        }
    }

    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        text.chars().forEach(c -> ascii.append(c >= ' ' && c <= '~' ? "" + (char) c : String.format("\\u%04x", c)));
        return ascii.toString();
    }

    private static void awaitClosed(Exchange exchange, List<String> found) {
        try {
            exchange.awaitClientClosed(SOON);
        } catch (AssertionError e) {
            found.add(e.getMessage());
        }
    }

    /** Starts what all streams share: the connections' threads, and those for clocks that go off. */
    private static Map<String, Long> warmUp(ScriptedServer server, ChatModel model) throws InterruptedException {
        Schedulers.parallel().schedule(() -> {});
        for (int call = 0; call < 4 * PROCESSORS; call++) {
            server.enqueue(Script.eventStream().event("[DONE]").end());
            StrictReader reader = new StrictReader();
            model.stream(request()).subscribe(reader);
            server.takeExchange(SOON).awaitFinished(SOON);
            reader.cancel();
        }
        return threads();
    }

    /** How many there are of each name, numbers aside. */
    private static Map<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("scripted-server"))
                .collect(Collectors.groupingBy(name -> name.replaceAll("\\d+", "N"), Collectors.counting()));
    }

    private static List<ChaosBody> bodies() {
        List<ChaosBody> bodies = new ArrayList<>(OwnBodies.ALL);
        Recordings.find()
                .ifPresent(recordings -> recordings.all().stream()
                        .filter(recording -> recording.api() != null && recording.status() == 200)
                        .filter(recording -> recording.api().equals("gemini")
                                || !recording.contentType().equals("application/json"))
                        .map(ChaosBody::of)
                        .forEach(bodies::add));
        return bodies;
    }

    private static Map<String, ChatModel> models(ScriptedServer server, TappedConnector tap) {
        ProviderHttpClient client = ProviderHttpClient.create(WebClient.builder(), tap);
        ProviderHttpOptions options = ProviderHttpOptions.of(server.uri());
        return Stream.of("chat", "responses", "anthropic", "gemini", "ollama")
                .collect(Collectors.toMap(
                        api -> api,
                        api -> RecordedProviders.forApi(api).orElseThrow().apply(options, client)));
    }

    private static ChatRequest request() {
        return ChatRequest.builder().model("chaos").prompt("chaos").build();
    }
}
