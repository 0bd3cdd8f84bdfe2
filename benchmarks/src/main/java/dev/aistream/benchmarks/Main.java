package dev.aistream.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks with JMH's own options, allocation included, and writes tables: {@code REPORT also=[JAVA_HOME] [OPTION…]}. */
final class Main {

    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final String MEGABYTES = "megabytes";

    /** What one operation of each class is. */
    private static final Map<String, String> OPERATIONS = Map.of(
            "JsonReaderBenchmark", "chunk",
            "SseParserBenchmark", "MB",
            "TemplateBenchmark", "delta",
            "OpenAiDecoderBenchmark", "chunk",
            "RecordedChunksBenchmark", "pass",
            "ManyStreamsBenchmark", "event");

    private Main() {}

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException, IOException {
        List<String> rest = new ArrayList<>(List.of(arguments));
        Path report = Path.of(rest.remove(0));
        String also = rest.remove(0).substring("also=".length());
        CommandLineOptions options = new CommandLineOptions(rest.toArray(String[]::new));
        StringBuilder text =
                new StringBuilder("# Parsers, decoder and template by themselves\n\nMade by `benchmarks/jmh`; "
                        + LocalDate.now() + ", " + Runtime.getRuntime().availableProcessors() + " cores, JDK "
                        + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                        + ". One thread. The javadoc of each class says what it compares. Bytes are allocated, per chunk, MB, delta or"
                        + " pass over all recordings.\n");
        describe(new Runner(measured(options).build()).run(), "", text);
        if (!also.isEmpty()) {
            ChainedOptionsBuilder other =
                    measured(options).jvm(Path.of(also, "bin", "java").toString());
            if (options.getIncludes().isEmpty()) {
                other.include("SseParserBenchmark").include("OpenAiDecoderBenchmark");
            }
            Collection<RunResult> results = new Runner(other.build()).run();
            describe(results, ", JDK " + results.iterator().next().getParams().getJdkVersion(), text);
        }
        Files.writeString(report, text);
    }

    private static ChainedOptionsBuilder measured(CommandLineOptions options) {
        return new OptionsBuilder().parent(options).addProfiler(GCProfiler.class);
    }

    private static void describe(Collection<RunResult> results, String where, StringBuilder text) {
        Map<String, List<RunResult>> byClass = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            byClass.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), ignored -> new ArrayList<>())
                    .add(result);
        }
        byClass.forEach((name, runs) -> {
            String simpleName = name.substring(name.lastIndexOf('.') + 1);
            String operation = OPERATIONS.getOrDefault(simpleName, "op");
            text.append("\n## ").append(simpleName).append(where);
            text.append("\n\n| benchmark | of | score | unit | bytes | MB/s | hit rate |\n|");
            text.append(" --- |".repeat(7)).append('\n');
            runs.forEach(run -> text.append(row(run, operation)).append('\n'));
        });
    }

    private static String row(RunResult run, String operation) {
        String name = run.getParams().getBenchmark();
        List<String> of = new ArrayList<>();
        run.getParams().getParamsKeys().forEach(key -> of.add(run.getParams().getParam(key)));
        Result<?> score = run.getPrimaryResult();
        double hits = secondary(run, "hits");
        return String.join(
                        " | ",
                        "| " + name.substring(name.lastIndexOf('.') + 1),
                        String.join(" ", of),
                        number(score.getScore()) + " ± " + number(score.getScoreError()),
                        score.getScoreUnit().replaceFirst("ops?", operation),
                        number(secondary(run, ALLOCATED)),
                        number(secondary(run, MEGABYTES)),
                        Double.isNaN(hits)
                                ? ""
                                : String.format(Locale.ROOT, "%.0f %%", 100 * hits / (hits + secondary(run, "misses"))))
                + " |";
    }

    private static double secondary(RunResult run, String name) {
        Result<?> result = run.getSecondaryResults().get(name);
        return result == null ? Double.NaN : result.getScore();
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
