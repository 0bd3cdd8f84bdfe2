package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;

/** The page of the documentation that lists every property. */
class ConfigurationTableTests {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String MARKER = "<!-- tables -->\n";
    private static final String OPTIONS = ".options.";

    private final Map<String, JsonNode> properties = ConfigurationMetadata.properties();

    @Test
    void listsEveryPropertyAsTheMetadataDoes() throws IOException {
        String page = Files.readString(PAGE);
        String introduction = page.substring(0, page.indexOf(MARKER) + MARKER.length());
        String expected = introduction + tables();
        if (Boolean.getBoolean("ai.docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private String tables() {
        Map<String, Predicate<String>> sections = new LinkedHashMap<>();
        sections.put("General", name -> name.indexOf('.', 3) < 0);
        sections.put("OpenAI", in("ai.openai."));
        sections.put("Anthropic", in("ai.anthropic."));
        sections.put("Gemini", in("ai.gemini."));
        sections.put("Ollama", in("ai.ollama."));
        sections.put("Simulated", in("ai.simulated."));
        sections.put(
                "Options of every provider, such as ai.openai.options", name -> name.startsWith("ai.openai.options."));
        sections.put("Connections", in("ai.http."));
        sections.put("Relay", in("ai.relay."));
        return sections.entrySet().stream()
                .map(section -> section(section.getKey(), section.getValue()))
                .collect(Collectors.joining());
    }

    private static Predicate<String> in(String prefix) {
        return name -> name.startsWith(prefix) && !name.contains(OPTIONS);
    }

    private String section(String title, Predicate<String> members) {
        String rows = properties.entrySet().stream()
                .filter(property -> members.test(property.getKey()))
                .map(property -> row(property.getKey(), property.getValue()))
                .collect(Collectors.joining());
        return rows.isEmpty()
                ? ""
                : "\n## " + title + "\n\n| Property | Default | Takes | Effect |\n| --- | --- | --- | --- |\n" + rows;
    }

    private static String row(String name, JsonNode property) {
        String defaultValue = property.path("defaultValue").asString("");
        return "| `%s` | %s | %s | %s |%n"
                .formatted(
                        name,
                        defaultValue.isEmpty() ? "" : "`" + defaultValue + "`",
                        kind(property.path("type").asString()),
                        property.path("description").asString())
                .replace(System.lineSeparator(), "\n");
    }

    private static String kind(String type) {
        return switch (type) {
            case "java.time.Duration" -> "duration";
            case "org.springframework.util.unit.DataSize" -> "size";
            case "java.lang.Boolean" -> "`true`, `false`";
            case "java.lang.String" -> "text";
            case "java.net.URI" -> "URL";
            case "java.lang.Integer", "java.lang.Long", "java.lang.Double" -> "number";
            default -> type.startsWith("java.util.Map") ? "map" : constants(type);
        };
    }

    private static String constants(String type) {
        int generic = type.indexOf('<');
        if (generic > 0) {
            String element = kind(type.substring(generic + 1, type.length() - 1));
            return "list of " + (element.equals("text") ? "texts" : element);
        }
        Object[] constants = ClassUtils.resolveClassName(type, null).getEnumConstants();
        assertThat(constants).as(type).isNotNull();
        return Arrays.stream(constants)
                .map(constant ->
                        "`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(", "));
    }
}
