package dev.aistream.benchmarks.macro;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The figures of several clients over several rounds, of one scenario. */
final class Comparison {

    private final String title;
    private final String us;
    private final List<String> figures;
    private final Map<String, List<Figures>> runs = new LinkedHashMap<>();

    Comparison(String title, String us, String... figures) {
        this.title = title;
        this.us = us;
        this.figures = List.of(figures);
    }

    void add(String client, Figures run) {
        runs.computeIfAbsent(client, ignored -> new ArrayList<>()).add(run);
        System.err.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + title + ", " + client + ": " + run);
    }

    String title() {
        return title;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    double median(String client, String figure) {
        return median(sorted(client, figure));
    }

    /** How many times the second client's figure the first one's is, each round by itself: ordered. */
    double[] ratios(String client, String other, String figure) {
        List<Figures> first = runs.getOrDefault(client, List.of());
        List<Figures> second = runs.getOrDefault(other, List.of());
        return IntStream.range(0, Math.min(first.size(), second.size()))
                .mapToDouble(round ->
                        first.get(round).get(figure) / second.get(round).get(figure))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    /** How much more the first client's figure is, each of its runs against each of the other's: ordered. */
    double[] differences(String client, String other, String figure) {
        double[] others = sorted(other, figure);
        return Arrays.stream(sorted(client, figure))
                .flatMap(run -> Arrays.stream(others).map(its -> run - its))
                .sorted()
                .toArray();
    }

    /** The least median among the clients that are neither we nor the floor. */
    String bestPeer(String figure) {
        return peers().min((a, b) -> Double.compare(median(a, figure), median(b, figure)))
                .orElse(us);
    }

    private Stream<String> peers() {
        return runs.keySet().stream().filter(client -> !client.equals(us) && !client.startsWith(StreamClients.FLOOR));
    }

    /** A line for each figure in which a peer does better, the least being best. */
    List<String> lost() {
        List<String> lines = new ArrayList<>();
        for (String figure : figures) {
            if (!isCost(figure)) {
                continue;
            }
            double ours = median(us, figure);
            peers().filter(peer -> median(peer, figure) < ours)
                    .forEach(peer -> lines.add("- " + title + ", " + figure + ": " + peer + " "
                            + number(median(peer, figure)) + ", ours " + number(ours)));
        }
        return lines;
    }

    private static boolean isCost(String figure) {
        return figure.endsWith("Micros")
                || figure.endsWith("Millis")
                || figure.equals("bytes")
                || figure.equals("heapPerStream");
    }

    List<String> table() {
        List<String> lines = new ArrayList<>(List.of("", "## " + title, ""));
        lines.add("| client | " + String.join(" | ", figures) + " |");
        lines.add("|" + " --- |".repeat(figures.size() + 1));
        runs.keySet().forEach(client -> {
            StringBuilder row = new StringBuilder("| ").append(client);
            figures.forEach(figure -> row.append(" | ").append(spread(sorted(client, figure))));
            lines.add(row.append(" |").toString());
        });
        return lines;
    }

    private double[] sorted(String client, String figure) {
        return runs.getOrDefault(client, List.of()).stream()
                .mapToDouble(run -> run.get(figure))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median, and lowest and highest where there are more. */
    static String spread(double[] sorted) {
        if (sorted.length == 0) {
            return "–";
        }
        String middle = number(median(sorted));
        return sorted.length == 1
                ? middle
                : middle + " (" + number(sorted[0]) + "–" + number(sorted[sorted.length - 1]) + ")";
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
