package dev.aistream.benchmarks.macro;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs every client beside the others: each in a process of its own, in turn, over several rounds, against one server.
 * Writes a report of medians and ratios. {@code Runner REPORT [ROUNDS]}
 */
final class Runner {

    private static final String US = "aistream";
    private static final String FLOOR = "floor";
    private static final double[] NONE = {Double.NaN};

    private final int port;
    private final int rounds;
    private final StringBuilder report = new StringBuilder();

    private Runner(int port, int rounds) {
        this.port = port;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Process server = java("-Xmx512m", ChunkServer.class.getName()).start();
        try (BufferedReader out = reader(server)) {
            Runner runner = new Runner(Integer.parseInt(out.readLine()), rounds);
            runner.everything();
            Files.writeString(file, runner.report);
            System.out.print(runner.report);
        } finally {
            server.destroy();
        }
    }

    private void everything() throws Exception {
        line("# Whole streams, measured beside others");
        line("");
        line("Made by `benchmarks/run`; " + LocalDate.now() + ", " + machine()
                + ". Each client in a process of its own, in"
                + " turn, " + rounds
                + " rounds, against one local server that sends 270-byte OpenAI chunks, each its own"
                + " HTTP chunk. Medians, with the lowest and highest round in brackets. `floor` is `WebClient` with the"
                + " bytes dropped, over the same connection pool as ours and `webclient`, which is Spring's event reader"
                + " and a JSON tree.");
        compare(
                "Burst: one stream of 100,000 chunks, per chunk",
                StreamClients.NAMES,
                List.of("wallMicros", "cpuMicros", "bytes"),
                "burst",
                "100000",
                "9");
        compare(
                "Paced: 400 streams, a chunk each 50 ms, per chunk",
                StreamClients.NAMES,
                List.of("cpuMicros", "bytes", "p50Millis", "p99Millis", "threads", "complete", "failed"),
                "paced",
                "400",
                "100",
                "50");
        compare(
                "Paced: 2,000 streams, a chunk each 200 ms, per chunk",
                StreamClients.NAMES,
                List.of(
                        "cpuMicros",
                        "bytes",
                        "p50Millis",
                        "p99Millis",
                        "threads",
                        "heapPerStream",
                        "complete",
                        "failed"),
                "paced",
                "2000",
                "30",
                "200");
        compare(
                "Paced: 9,000 streams, a chunk each 2 s, per chunk",
                List.of(FLOOR, US),
                List.of("cpuMicros", "p50Millis", "p99Millis", "threads", "heapPerStream", "complete", "failed"),
                "paced",
                "9000",
                "6",
                "2000");
        compare(
                "Time to the first fragment",
                StreamClients.NAMES,
                List.of("medianMillis", "firstCallMillis"),
                "first",
                "400");
        growth();
    }

    private void compare(String title, List<String> clients, List<String> figures, String... how) throws Exception {
        Map<String, List<Map<String, Double>>> runs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String client : clients) {
                runs.computeIfAbsent(client, ignored -> new ArrayList<>()).add(run(client, how));
            }
        }
        Map<String, Map<String, double[]>> sorted = new LinkedHashMap<>();
        runs.forEach((client, figuresOfRuns) -> {
            Map<String, double[]> values = new HashMap<>();
            for (String figure : figures) {
                values.put(
                        figure,
                        figuresOfRuns.stream()
                                .mapToDouble(run -> run.getOrDefault(figure, Double.NaN))
                                .sorted()
                                .toArray());
            }
            sorted.put(client, values);
        });
        line("");
        line("## " + title);
        line("");
        ratios(sorted, figures);
        line("| client | " + String.join(" | ", figures) + " |");
        line("|" + " --- |".repeat(figures.size() + 1));
        sorted.forEach((client, values) -> {
            StringBuilder row = new StringBuilder("| ").append(client);
            figures.forEach(figure -> row.append(" | ").append(cell(values.getOrDefault(figure, NONE))));
            line(row.append(" |").toString());
        });
    }

    /** How many times our figure the others' are, and ours the floor's; a peer that wins stands out as less than 1. */
    private void ratios(Map<String, Map<String, double[]>> sorted, List<String> figures) {
        for (String figure : figures) {
            if (!figure.endsWith("Micros") && !figure.endsWith("Millis") && !figure.equals("bytes")) {
                continue;
            }
            double ours = median(sorted.getOrDefault(US, Map.of()).getOrDefault(figure, NONE));
            List<String> words = new ArrayList<>();
            sorted.forEach((client, values) -> {
                double theirs = median(values.getOrDefault(figure, NONE));
                if (client.equals(FLOOR) && theirs > 0) {
                    words.add(String.format(Locale.ROOT, "ours is %.2f times the floor", ours / theirs));
                } else if (!client.equals(US) && !client.equals(FLOOR) && ours > 0) {
                    words.add(String.format(Locale.ROOT, "%s %.1f", client, theirs / ours));
                }
            });
            line("- " + figure + ": " + String.join(", ", words));
        }
        line("");
    }

    private void growth() throws Exception {
        line("");
        line("## Growth: tokens in an answer");
        line("");
        line("| tokens | µs wall per token | bytes per token |");
        line("| --- | --- | --- |");
        for (String tokens : List.of("1000", "10000", "100000", "1000000")) {
            Map<String, Double> figures = run(US, "burst", tokens, tokens.length() > 5 ? "3" : "15");
            line(String.format(
                    Locale.ROOT, "| %s | %.2f | %.0f |", tokens, figures.get("wallMicros"), figures.get("bytes")));
        }
        line("");
        line("## Growth: streams at once, a chunk each 500 ms");
        line("");
        line("| streams | µs CPU per chunk | p99 ms | heap bytes per stream | threads |");
        line("| --- | --- | --- | --- | --- |");
        for (String streams : List.of("10", "100", "1000", "4000")) {
            Map<String, Double> figures = run(US, "paced", streams, "10", "500");
            line(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.0f | %.0f |",
                    streams,
                    figures.get("cpuMicros"),
                    figures.get("p99Millis"),
                    figures.get("heapPerStream"),
                    figures.get("threads")));
        }
    }

    private Map<String, Double> run(String client, String... how) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("-Xmx1g", ClientMain.class.getName(), client, "http://127.0.0.1:" + port));
        command.addAll(Arrays.asList(how));
        Process process = java(command.toArray(String[]::new)).start();
        Map<String, Double> figures = new TreeMap<>();
        try (BufferedReader out = reader(process)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                for (String word : line.split(" ", -1)) {
                    int equals = word.indexOf('=');
                    if (equals > 0) {
                        figures.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
                    }
                }
            }
        }
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        System.err.println(client + " " + String.join(" ", how) + ": " + figures);
        return figures;
    }

    private static ProcessBuilder java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"), "-cp", System.getProperty("java.class.path")));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static String cell(double[] sorted) {
        return number(median(sorted)) + " (" + number(sorted[0]) + "–" + number(sorted[sorted.length - 1]) + ")";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, "
                + "JDK " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private void line(String text) {
        report.append(text).append('\n');
    }
}
