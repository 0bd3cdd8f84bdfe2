package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs every client beside the others, each in a process of its own, in turn, over several rounds, against one server;
 * then writes a report. {@code Runner REPORT [rounds=2] [also=JAVA_HOME] [only=streams,relay,start,growth,connectors]}
 */
final class Runner {

    private static final List<String> PAIR = List.of(StreamClients.FLOOR, StreamClients.US);
    private static final List<String> CORE = List.of(StreamClients.FLOOR, StreamClients.US, StreamClients.BY_HAND);
    private static final List<String> PEERS = List.of("langchain4j", "openai-java", "spring-ai");
    private static final List<String> SECTIONS = List.of("streams", "relay", "start", "growth", "connectors");

    private static final Set<Scenario> ALL = EnumSet.allOf(Scenario.class);
    private static final Set<Scenario> MOST = EnumSet.complementOf(EnumSet.of(Scenario.PACED_400));
    private static final long LONGEST_SECONDS = 120;

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
        if (only.contains("streams")) {
            streams();
            if (!also.isEmpty()) {
                streamsOn(Path.of(also, "bin", "java"));
            }
        }
        if (only.contains("relay")) {
            relay(java, rounds, "");
            if (!also.isEmpty() && only.size() == 1) {
                Path other = Path.of(also, "bin", "java");
                relay(other, Math.max(1, rounds - 1), ", JDK " + version(other));
            }
        }
        if (only.contains("start")) {
            report.start(StartRuns.run(java, 6));
        }
        if (only.contains("connectors")) {
            connectors();
        }
        if (only.contains("growth")) {
            growth();
        }
    }

    /**
     * The peers are further from us than rounds are from each other, and so take part in one less. Nor is everything
     * measured each time, for the whole is to take less than ten minutes.
     */
    private void streams() throws IOException, InterruptedException {
        Map<Scenario, Comparison> comparisons = comparisons("");
        // Not counted: whoever is first reads the libraries from disk.
        try (Jvm first = client(java, StreamClients.FLOOR, Scenario.FIRST.command())) {
            first.read();
        }
        for (int round = 0; round < rounds; round++) {
            compare(java, CORE, comparisons, round == 0 ? ALL : MOST);
            if (round < Math.max(1, rounds - 1)) {
                compare(java, PEERS, comparisons, ALL);
            }
        }
        report.streams(comparisons);
    }

    private void streamsOn(Path other) throws IOException, InterruptedException {
        Map<Scenario, Comparison> comparisons = comparisons(", JDK " + version(other));
        for (int round = 0; round < Math.max(1, rounds - 1); round++) {
            compare(other, PAIR, comparisons, MOST);
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

    private void compare(Path jdk, List<String> clients, Map<Scenario, Comparison> comparisons, Set<Scenario> scenarios)
            throws InterruptedException {
        for (String client : clients) {
            run(jdk, client, comparisons, scenarios);
        }
    }

    private void run(Path jdk, String client, Map<Scenario, Comparison> comparisons, Set<Scenario> scenarios)
            throws InterruptedException {
        String[] commands = scenarios.stream().map(Scenario::command).toArray(String[]::new);
        try (Jvm process = client(jdk, client, commands)) {
            for (Scenario scenario : scenarios) {
                Objects.requireNonNull(comparisons.get(scenario)).add(client, process.read());
            }
        } catch (IOException ended) {
            System.err.println(client + " did not come to its end: " + ended.getMessage());
        }
    }

    private static String version(Path java) throws IOException {
        Path release = java.resolve("../../release").normalize();
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .findFirst()
                .orElse("?");
    }

    private Jvm client(Path jdk, String client, String... scenarios) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(client, url));
        arguments.addAll(Arrays.asList(scenarios));
        return Jvm.of(jdk, ClientMain.class, arguments).within(LONGEST_SECONDS);
    }

    private void relay(Path jdk, int rounds, String suffix) throws IOException, InterruptedException {
        relay("servlet" + suffix, RelayRuns.servlet(jdk), rounds);
        relay("reactive" + suffix, RelayRuns.reactive(jdk), rounds);
    }

    private void relay(String what, RelayRuns runs, int rounds) throws IOException, InterruptedException {
        String[] figures = {
            "cpuMicros", "bytes", "p50Millis", "p99Millis", "threads", "onTime", "complete", "jitPercent"
        };
        Comparison usual = new Comparison(
                "Relay, " + what + ": 600 browsers, a token each 100 ms, per token", RelayRuns.RELAY, figures);
        Comparison crowded = new Comparison(
                "Relay, " + what + ": 1,000 browsers, a token each 250 ms, per token", RelayRuns.RELAY, figures);
        for (int round = 0; round < rounds; round++) {
            runs.compare(usual, crowded, only.size() == 1, round == 0);
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
            try (Jvm process = client(java, client, "burst-100000-text", "paced-400-50")) {
                burst.add(client, process.read());
                paced.add(client, process.read());
            }
        }
        report.connectors(burst, paced);
    }

    private void growth() throws IOException, InterruptedException {
        List<String> sizes = List.of("1000", "10000", "100000", "1000000");
        grow("tokens in an answer", StreamClients.US, "text", sizes);
        grow("pieces of one tool call's arguments", "aistream-events", "tool", sizes.subList(0, 3));
        grow("pieces of reasoning", "aistream-events", "reasoning", sizes.subList(0, 3));
        List<String> streams = List.of("1-1", "10-2", "100-20", "1000-200", "10000-2000");
        List<String> rows = new ArrayList<>();
        try (Jvm process = client(
                java, StreamClients.US, streams.stream().map("paced-"::concat).toArray(String[]::new))) {
            for (String how : streams) {
                String[] words = how.split("-", -1);
                rows.add("| " + words[0] + " | " + words[1] + " | "
                        + process.read().row("cpuMicros", "p99Millis", "heapPerStream", "threads", "complete"));
            }
        }
        report.growth(
                "streams at once, 5,000 chunks a second in all, of one stream 1,000",
                "| streams | ms between chunks | µs CPU per chunk | p99 ms | heap bytes per stream | threads | complete |",
                rows);
    }

    private void grow(String what, String client, String kind, List<String> sizes)
            throws IOException, InterruptedException {
        List<String> rows = new ArrayList<>();
        try (Jvm process = client(
                java,
                client,
                sizes.stream()
                        .map(size -> String.format(Locale.ROOT, "burst-%s-%s", size, kind))
                        .toArray(String[]::new))) {
            for (String size : sizes) {
                rows.add("| " + size + " | " + process.read().row("wallMicros", "cpuMicros", "bytes"));
            }
        }
        report.growth(what, "| pieces | µs wall per piece | µs CPU per piece | bytes per piece |", rows);
    }
}
