package dev.aistream.benchmarks.macro;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is written: ratios and what was asked first, then where another does better, then every table. */
final class Report {

    private static final String FLOOR = StreamClients.FLOOR;
    private static final String US = StreamClients.US;

    private final List<String> ratios = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();

    void streams(Map<Scenario, Comparison> comparisons) {
        comparisons.forEach((scenario, comparison) -> {
            switch (scenario) {
                case FIRST -> {
                    ratio(comparison, US, FLOOR, "firstCallMillis", "1.3 at most");
                    ratio(comparison, US, FLOOR, "earlyMillis", "");
                }
                case NEXT -> {
                    ratio(comparison, US, FLOOR, "medianMillis", "1.1 at most");
                    ratio(comparison, US, FLOOR, "backToBackMillis", "");
                }
                case BURST -> {
                    ratio(comparison, US, FLOOR, "wallMicros", "1.5 at most");
                    ratio(comparison, US, FLOOR, "cpuMicros", "1.5 at most");
                    figure(comparison, US, "bytes", "600 at most");
                    ratio(comparison, comparison.bestPeer("wallMicros"), US, "wallMicros", "2 at least");
                    ratio(comparison, "spring-ai", US, "wallMicros", "6 at least");
                }
                case PACED_AT_ONCE -> ratio(comparison, US, FLOOR, "cpuMicros", "1.2 at most");
                case PACED_2000 -> {
                    ratio(comparison, US, FLOOR, "cpuMicros", "");
                    ratio(comparison, US, FLOOR, "p99Millis", "");
                    ratio(comparison, US, StreamClients.BY_HAND, "p99Millis", "1 at most");
                    figure(comparison, US, "heapPerStream", "65,536 at most");
                }
            }
            if (!comparison.isEmpty()) {
                table(comparison);
            }
        });
    }

    void relay(Comparison usual, Comparison crowded) {
        ratio(usual, RelayRuns.RELAY, FLOOR, "cpuMicros", "1.1 at most");
        ratio(usual, RelayRuns.RELAY, FLOOR, "p99Millis", "1 at most");
        figure(crowded, RelayRuns.RELAY, "complete", "1");
        figure(crowded, RelayRuns.RELAY, "p99Millis", "stated");
        table(usual);
        table(crowded);
    }

    void start(Comparison start) {
        double[] more = start.differences("with the starter", "WebFlux", "readyMillis");
        ratios.add(
                "| " + start.title() + ", ms more with the starter | " + Comparison.spread(more) + " | 150 at most |");
        tables.addAll(start.table());
    }

    void connectors(Comparison burst, Comparison paced) {
        tables.addAll(burst.table());
        tables.addAll(paced.table());
        tables.addAll(List.of(
                "",
                "`aistream` is over reactor-netty, the default. Jetty's has 10,000 connections allowed. The JDK's never closes a"
                        + " cancelled stream, for which ours refuses it; it is measured under another name."));
    }

    void growth(String what, String header, List<String> rows) {
        tables.addAll(List.of("", "## Growth: " + what, "", header));
        tables.add("|"
                + " --- |".repeat((int) header.chars().filter(c -> c == '|').count() - 1));
        tables.addAll(rows);
    }

    private void table(Comparison comparison) {
        lost.addAll(comparison.lost());
        tables.addAll(comparison.table());
    }

    private void ratio(Comparison comparison, String client, String other, String figure, String asked) {
        double[] values = comparison.ratios(client, other, figure);
        if (values.length > 0 && !client.equals(other)) {
            ratios.add(String.format(
                    Locale.ROOT,
                    "| %s, %s: %s to %s | %s | %s |",
                    comparison.title(),
                    figure,
                    client,
                    other,
                    Comparison.spread(values),
                    asked));
        }
    }

    private void figure(Comparison comparison, String client, String figure, String asked) {
        ratios.add("| " + comparison.title() + ", " + figure + ": " + client + " | "
                + Comparison.number(comparison.median(client, figure)) + " | " + asked + " |");
    }

    String text() {
        List<String> lines = new ArrayList<>(List.of(
                "# Measured beside others",
                "",
                "Made by `benchmarks/run`; " + LocalDate.now() + ", " + machine() + ". Each client is a process of its"
                        + " own with a heap of 1 GB, in turn where it does not say at once, against one local server that sends 270-byte OpenAI chunks,"
                        + " each its own HTTP chunk. Server and browsers share the cores with what is measured. Medians of the"
                        + " rounds, with the lowest and the highest in brackets; ratios are taken within a round, the"
                        + " start's difference from each start with the starter to each without. CPU and"
                        + " allocation are the process's own counters.",
                "",
                "`floor` is `WebClient` with the bytes dropped, `webclient` the same with Spring's event reader and a JSON"
                        + " tree, both over Spring's own connector with a pool as large as ours. `paced` streams are all open and the code"
                        + " compiled before the window is measured; delays are from the server's write to the reader, of"
                        + " the floor too. `onTime` is the share of what was sent in the window that was read in it,"
                        + " `complete` the share of streams that were read whole, `jitPercent` how much of the window the"
                        + " compiler was busy. Bursts and first fragments of floor and ours are measured by turns in short"
                        + " windows, five a round. `earlyMillis` is the median of the calls 3,001 to 6,000 of a JVM, when it"
                        + " still is, to the first fragment; `medianMillis` that of later ones, each begun 0.1 ms after the"
                        + " one before had ended, `backToBackMillis` of such as begin at once, while the client may still be"
                        + " giving the last one's connection back. In relays `floor` passes the provider's bytes on unparsed; it and the relay run at"
                        + " once, each with a model and browsers of its own, after crowds of quick answers. On the servlet"
                        + " stack it and `webclient` write on the network's thread, where a browser that stalls holds up all others;"
                        + " ours writes there as far as the browser keeps up.",
                "",
                "## Ratios",
                "",
                "| what | measured | asked |",
                "| --- | --- | --- |"));
        lines.addAll(ratios);
        lines.addAll(List.of("", "## Where another does better", ""));
        lines.addAll(lost.isEmpty() ? List.of("Nowhere in this run.") : lost);
        lines.addAll(tables);
        return String.join("\n", lines) + "\n";
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, JDK " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }
}
