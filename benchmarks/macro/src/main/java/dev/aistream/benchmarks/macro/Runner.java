package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs every client beside the others, each in a process of its own, in turn, over several rounds, against one server;
 * then writes a report. {@code Runner REPORT [rounds=2] [also=JAVA_HOME] [only=streams,relay,start,growth,connectors]};
 * not among them by default is {@code relays}, which has a controller written by hand take part, and the other JDK.
 */
final class Runner {

    private static final List<String> PAIR = List.of(StreamClients.FLOOR, StreamClients.US);
    private static final List<String> CORE = List.of(StreamClients.FLOOR, StreamClients.US, StreamClients.BY_HAND);
    private static final List<String> PEERS = List.of("langchain4j", "openai-java", "spring-ai");
    private static final List<String> SECTIONS = List.of("streams", "relay", "start", "growth", "connectors");

    private static final Set<Scenario> ALL = EnumSet.allOf(Scenario.class);
    private static final Set<Scenario> OF_PEERS = EnumSet.of(Scenario.FIRST, Scenario.BURST, Scenario.PACED_2000);
    private static final long AT_ONCE_MILLIS = 4000;
    private static final int MORE_WINDOWS = 4;

    private final String url;
    private final int rounds;
    private final List<String> only;
    private final Path java = Jvm.running();
    private final Report report = new Report();

    private Runner(String url, int rounds, List<String> only) {
        this.url = url;
        this.rounds = rounds;
        this.only = only;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new TreeMap<>();
        for (String argument : Arrays.asList(arguments).subList(1, arguments.length)) {
            int equals = argument.indexOf('=');
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        int rounds = Integer.parseInt(options.getOrDefault("rounds", "2"));
        List<String> only = options.containsKey("only")
                ? List.of(options.getOrDefault("only", "").split(","))
                : SECTIONS;
        try (Jvm server = Jvm.of(Jvm.running(), ChunkServer.class, List.of())) {
            Runner runner = new Runner("http://127.0.0.1:" + server.port() + "/v1", rounds, only);
            runner.everything(options.getOrDefault("also", ""));
            Files.writeString(Path.of(arguments[0]), runner.report.text());
        }
    }

    private void everything(String also) throws Exception {
        section("streams", () -> {
            streams();
            if (!also.isEmpty()) {
                streamsOn(Path.of(also, "bin", "java"));
            }
        });
        section("relay", () -> relay(java, rounds, "", false));
        section("relays", () -> {
            relay(java, rounds, "", true);
            if (!also.isEmpty()) {
                Path other = Path.of(also, "bin", "java");
                relay(other, rounds, ", JDK " + version(other), true);
            }
        });
        section("start", () -> report.start(StartRuns.run(java, 10)));
        section("connectors", this::connectors);
        section("growth", this::growth);
    }

    /** If it was asked for. */
    private void section(String name, Section section) throws Exception {
        if (!only.contains(name)) {
            return;
        }
        long start = System.nanoTime();
        section.run();
        System.err.println(name + ": " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s");
    }

    private interface Section {
        void run() throws Exception;
    }

    /**
     * The peers are further from us than rounds are from each other, and so take part in one less. Nor is everything
     * measured each time, for the whole is to take some ten minutes.
     */
    private void streams() throws IOException, InterruptedException {
        Map<Scenario, Comparison> comparisons = comparisons("");
        // Not counted: whoever is first reads the libraries from disk.
        try (Jvm first = client(java, StreamClients.FLOOR)) {
            first.ask("cold");
        }
        for (int round = 0; round < rounds; round++) {
            boolean all = round < Math.max(1, rounds - 1);
            compare(java, all ? CORE : PAIR, comparisons, ALL);
            if (all) {
                compare(java, PEERS, comparisons, OF_PEERS);
            }
        }
        report.streams(comparisons);
    }

    private void streamsOn(Path other) throws IOException, InterruptedException {
        Map<Scenario, Comparison> comparisons = comparisons(", JDK " + version(other));
        for (int round = 0; round < Math.max(1, rounds - 1); round++) {
            compare(other, PAIR, comparisons, ALL);
        }
        report.streams(comparisons);
    }

    private static Map<Scenario, Comparison> comparisons(String suffix) {
        Map<Scenario, Comparison> comparisons = new EnumMap<>(Scenario.class);
        for (Scenario scenario : Scenario.values()) {
            comparisons.put(scenario, scenario.comparison(suffix));
        }
        return comparisons;
    }

    /** All are there from the start, and have their turn in each scenario, so that they are compared close in time. */
    private void compare(Path jdk, List<String> names, Map<Scenario, Comparison> comparisons, Set<Scenario> scenarios)
            throws IOException, InterruptedException {
        Map<String, Jvm> clients = new LinkedHashMap<>();
        try {
            for (String name : names) {
                clients.put(name, client(jdk, name));
            }
            for (Scenario scenario : scenarios) {
                Comparison comparison = Objects.requireNonNull(comparisons.get(scenario));
                if (scenario == Scenario.PACED_AT_ONCE) {
                    atOnce(pair(clients), scenario.command(), comparison);
                } else if (scenario == Scenario.NEXT) {
                    inTurn(pair(clients), scenario.command(), comparison);
                } else {
                    inTurn(clients, scenario.command(), comparison);
                }
                if (scenario == Scenario.FIRST) {
                    cold(jdk, pair(clients).keySet(), comparison);
                }
                if (scenario == Scenario.BURST || scenario == Scenario.NEXT) {
                    // Near what is asked, while the machine's speed changes within seconds: short windows by turns.
                    for (int window = 0; window < MORE_WINDOWS; window++) {
                        inTurn(pair(clients), "again", comparison);
                    }
                }
            }
        } finally {
            clients.values().forEach(Jvm::close);
        }
    }

    /** Twice more, each in a fresh process, for a first call varies by a third. */
    private void cold(Path jdk, Collection<String> names, Comparison comparison) throws IOException {
        List<String> order = new ArrayList<>(names);
        for (int time = 0; time < 2; time++) {
            Collections.reverse(order);
            for (String name : order) {
                try (Jvm client = client(jdk, name)) {
                    comparison.add(name, client.ask("cold"));
                }
            }
        }
    }

    private static void inTurn(Map<String, Jvm> clients, String command, Comparison comparison) {
        for (String name : List.copyOf(clients.keySet())) {
            Jvm client = Objects.requireNonNull(clients.get(name));
            try {
                comparison.add(name, client.ask(command));
            } catch (IOException ended) {
                System.err.println(name + " did not come to its end: " + ended.getMessage());
                client.close();
                clients.remove(name);
            }
        }
    }

    /** Floor and ours, where they are among them. */
    private static Map<String, Jvm> pair(Map<String, Jvm> clients) {
        Map<String, Jvm> pair = new LinkedHashMap<>(clients);
        pair.keySet().retainAll(PAIR);
        return pair;
    }

    /** In one window, so that what else the machine does meets both. */
    private void atOnce(Map<String, Jvm> pair, String command, Comparison comparison)
            throws IOException, InterruptedException {
        ChunkServer.beginPaced(url);
        pair.values().forEach(client -> client.tell(command));
        for (Jvm client : pair.values()) {
            client.read();
        }
        for (Jvm client : pair.values()) {
            client.ask("start");
        }
        Thread.sleep(AT_ONCE_MILLIS);
        Map<String, Figures> figures = new LinkedHashMap<>();
        for (Map.Entry<String, Jvm> client : pair.entrySet()) {
            figures.put(client.getKey(), client.getValue().ask("stop"));
        }
        double sent = ChunkServer.endPaced(url);
        double read = 0;
        for (Jvm client : pair.values()) {
            read += client.ask("end").get("read");
        }
        double complete = read / sent;
        figures.forEach((name, each) -> {
            each.values().put("complete", complete);
            comparison.add(name, each);
        });
    }

    private static String version(Path java) throws IOException {
        Path release = java.resolve("../../release").normalize();
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .findFirst()
                .orElse("?");
    }

    /** Returns when it has started, for that takes from the others what is to be measured. */
    private Jvm client(Path jdk, String client) throws IOException {
        Jvm started = Jvm.of(jdk, ClientMain.class, List.of(client, url));
        started.read();
        return started;
    }

    private void relay(Path jdk, int rounds, String suffix, boolean byHand) throws IOException, InterruptedException {
        relay("servlet" + suffix, RelayRuns.servlet(jdk), rounds, byHand);
        relay("reactive" + suffix, RelayRuns.reactive(jdk), rounds, byHand);
    }

    private void relay(String what, RelayRuns runs, int rounds, boolean byHand)
            throws IOException, InterruptedException {
        String[] figures = {
            "cpuMicros", "bytes", "p50Millis", "p99Millis", "threads", "onTime", "complete", "jitPercent"
        };
        Comparison usual = new Comparison(
                "Relay, " + what + ": 600 browsers, a token each 100 ms, per token", RelayRuns.RELAY, figures);
        Comparison crowded = new Comparison(
                "Relay, " + what + ": 1,000 browsers, a token each 250 ms, per token", RelayRuns.RELAY, figures);
        for (int round = 0; round < rounds; round++) {
            runs.compare(usual, crowded, byHand, round == 0);
        }
        report.relay(usual, crowded);
    }

    private void connectors() throws IOException, InterruptedException {
        Comparison burst =
                new Comparison("Connectors: burst, per chunk", StreamClients.US, "wallMicros", "cpuMicros", "bytes");
        Comparison paced = new Comparison(
                "Connectors: 400 streams, a chunk each 50 ms, per chunk",
                StreamClients.US,
                "cpuMicros",
                "bytes",
                "p50Millis",
                "p99Millis",
                "threads");
        for (String client : List.of(StreamClients.US, "aistream-jetty", "aistream-jdk")) {
            try (Jvm process = client(java, client)) {
                burst.add(client, process.ask("burst-100000-text"));
                paced.add(client, process.ask("paced-400-50"));
            }
        }
        report.connectors(burst, paced);
    }

    /** The largest first, which leaves the others compiled code. */
    private void growth() throws IOException, InterruptedException {
        List<String> sizes = List.of("1000000", "100000", "10000", "1000");
        try (Jvm process = client(java, StreamClients.US)) {
            grow("tokens in an answer", process, "text", sizes);
        }
        try (Jvm process = client(java, "aistream-events")) {
            grow("pieces of one tool call's arguments", process, "tool", sizes.subList(1, 4));
            grow("pieces of reasoning", process, "reasoning", sizes.subList(1, 4));
        }
        List<String> rows = new ArrayList<>();
        try (Jvm process = client(java, StreamClients.US)) {
            for (String how : List.of("10000-2000", "1000-200", "100-20", "1-1")) {
                String[] words = how.split("-", -1);
                rows.add("| " + words[0] + " | " + words[1] + " | "
                        + process.ask("paced-" + how)
                                .row("cpuMicros", "p99Millis", "heapPerStream", "threads", "complete"));
            }
        }
        Collections.reverse(rows);
        report.growth(
                "streams at once, 5,000 chunks a second in all, of one stream 1,000",
                "| streams | ms between chunks | µs CPU per chunk | p99 ms | heap bytes per stream | threads | complete |",
                rows);
    }

    private void grow(String what, Jvm process, String kind, List<String> sizes) throws IOException {
        List<String> rows = new ArrayList<>();
        for (String size : sizes) {
            rows.add("| " + size + " | "
                    + process.ask("burst-" + size + "-" + kind).row("wallMicros", "cpuMicros", "bytes"));
        }
        Collections.reverse(rows);
        report.growth(what, "| pieces | µs wall per piece | µs CPU per piece | bytes per piece |", rows);
    }
}
