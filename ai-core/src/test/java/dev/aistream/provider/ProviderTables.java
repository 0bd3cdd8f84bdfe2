package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds {@code docs/providers.md} equal to the code. Each provider has a section whose tables stand between
 * {@code <!-- options: NAME -->}, {@code <!-- finish reasons: NAME -->}, {@code <!-- usage: NAME -->} and
 * {@code <!-- end -->}; a failing comparison shows the table to paste.
 */
public final class ProviderTables {

    private static final Path DOCUMENT = Path.of("../docs/providers.md");
    private static final Pattern FIELD = Pattern.compile("`([^`]+)`");

    private ProviderTables() {}

    public static void assertOptions(String provider, List<OptionSupport> supports) {
        String rows = supports.stream()
                .map(support -> "| `" + support.option() + "` | "
                        + support.treatment().name().toLowerCase(Locale.ROOT) + " | " + support.detail() + " |")
                .collect(Collectors.joining("\n"));
        assertThat(table("options", provider))
                .isEqualTo("| option | treatment | how, or why not |\n| --- | --- | --- |\n" + rows);
    }

    public static void assertFinishReasons(String provider, Map<String, FinishReason> reasons) {
        String rows = reasons.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | `" + entry.getValue() + "` |")
                .collect(Collectors.joining("\n"));
        assertThat(table("finish reasons", provider))
                .isEqualTo("| the provider's word | finish reason |\n| --- | --- |\n" + rows
                        + "\n| any other | `OTHER` |");
    }

    /**
     * Gives each field of the provider's usage a value of its own and holds the documented sums against what the code
     * makes of them.
     */
    public static void assertUsage(String provider, Function<Map<String, ?>, Usage> mapping) {
        Map<String, List<String>> documented = new LinkedHashMap<>();
        for (String row : table("usage", provider).lines().skip(2).toList()) {
            String[] cells = row.split("\\|");
            documented.put(fields(cells[1]).get(0), fields(cells[2]));
        }
        Map<String, Object> raw = new LinkedHashMap<>();
        Map<String, Long> values = new LinkedHashMap<>();
        documented.values().stream().flatMap(List::stream).distinct().forEach(field -> {
            values.put(field, 1L << values.size());
            put(raw, field.split("\\."), values.get(field));
        });
        Usage usage = mapping.apply(raw);
        Map<String, Long> actual = new LinkedHashMap<>();
        Arrays.stream(Usage.class.getRecordComponents())
                .filter(component -> component.getType() == Long.class)
                .forEach(component -> actual.put(component.getName(), value(usage, component.getName())));
        Map<String, Long> expected = new LinkedHashMap<>();
        documented.forEach((name, fields) -> expected.put(
                name,
                fields.isEmpty() ? null : fields.stream().mapToLong(values::get).sum()));
        assertThat(actual).isEqualTo(expected);
    }

    private static Long value(Usage usage, String name) {
        return switch (name) {
            case "inputTokens" -> usage.inputTokens();
            case "outputTokens" -> usage.outputTokens();
            case "totalTokens" -> usage.totalTokens();
            case "cachedInputTokens" -> usage.cachedInputTokens();
            case "cacheWriteTokens" -> usage.cacheWriteTokens();
            case "reasoningTokens" -> usage.reasoningTokens();
            default -> throw new AssertionError("No such count: " + name);
        };
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> raw, String[] path, long value) {
        Map<String, Object> object = raw;
        for (int i = 0; i < path.length - 1; i++) {
            object = (Map<String, Object>) object.computeIfAbsent(path[i], ignored -> new LinkedHashMap<>());
        }
        object.put(path[path.length - 1], value);
    }

    private static List<String> fields(String cell) {
        Matcher matcher = FIELD.matcher(cell);
        return matcher.results().map(result -> result.group(1)).toList();
    }

    private static String table(String kind, String provider) {
        String start = "<!-- " + kind + ": " + provider + " -->";
        try {
            String document = Files.readString(DOCUMENT);
            int from = document.indexOf(start);
            assertThat(from).as(DOCUMENT + " has " + start).isNotNegative();
            return document.substring(from + start.length(), document.indexOf("<!-- end -->", from))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
