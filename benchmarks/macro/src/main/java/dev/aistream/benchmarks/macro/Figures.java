package dev.aistream.benchmarks.macro;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What one process measured, as a line of {@code name=value} between processes. */
public record Figures(Map<String, Double> values) {

    /** Reads a line; words that are no figure are left out. */
    static Figures parse(String line) {
        Map<String, Double> values = new TreeMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
            }
        }
        return new Figures(values);
    }

    /** The figure, not a number where there is none. */
    double get(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /** The same, some of them for one of so many. */
    Figures dividedBy(double count, String... names) {
        Map<String, Double> divided = new TreeMap<>(values);
        for (String name : names) {
            divided.put(name, get(name) / count);
        }
        return new Figures(divided);
    }

    /** Cells of a table. */
    String row(String... names) {
        StringBuilder row = new StringBuilder();
        for (String name : names) {
            row.append(Comparison.number(get(name))).append(" | ");
        }
        return row.toString().strip();
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        values.forEach((name, value) -> line.append(line.isEmpty() ? "" : " ")
                .append(name)
                .append('=')
                .append(String.format(Locale.ROOT, "%.3f", value)));
        return line.toString();
    }
}
