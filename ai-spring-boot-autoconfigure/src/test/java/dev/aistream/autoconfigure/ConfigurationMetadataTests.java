package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;

/** What an editor shows for each property, and that it is what the records bind. */
class ConfigurationMetadataTests {

    private static final List<Class<?>> RECORDS = List.of(
            AiProperties.class,
            AiHttpProperties.class,
            AnthropicProperties.class,
            GeminiProperties.class,
            OpenAiProperties.class,
            SimulatedProperties.class);

    private final Map<String, JsonNode> properties = ConfigurationMetadata.properties();

    @Test
    void everyPropertyIsDescribedInASentence() {
        assertThat(properties)
                .isNotEmpty()
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asString(""))
                        .as(name)
                        .hasSizeGreaterThan(15)
                        .endsWith("."));
    }

    @Test
    void everyBoundPropertyIsThereWithItsDefault() {
        Map<String, String> bound = new TreeMap<>();
        for (Class<?> record : RECORDS) {
            collect(bound, record.getAnnotation(ConfigurationProperties.class).value(), record);
        }

        assertThat(properties.keySet()).containsAll(bound.keySet());
        bound.values().removeIf(String::isEmpty);
        assertThat(bound)
                .isNotEmpty()
                .allSatisfy((name, defaultValue) -> assertThat(
                                properties.get(name).path("defaultValue").asString(""))
                        .as(name)
                        .isEqualTo(defaultValue));
    }

    @Test
    void everyHintIsForAPropertyThatThereIs() throws IOException {
        Set<String> hinted = new TreeSet<>();
        JsonNode hints = ConfigurationMetadata.read(
                        new ClassPathResource("META-INF/additional-spring-configuration-metadata.json").getURL())
                .path("hints");
        hints.forEach(hint -> hinted.add(hint.path("name").asString()));

        assertThat(hinted).isNotEmpty().isSubsetOf(properties.keySet());
    }

    private static void collect(Map<String, String> bound, String prefix, Class<?> record) {
        RecordComponent[] components = record.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            String name = prefix + "." + dashed(components[i].getName());
            if (components[i].getType().isRecord()) {
                collect(bound, name, components[i].getType());
            } else {
                bound.put(name, defaultValue(record.getDeclaredConstructors()[0].getParameters()[i]));
            }
        }
    }

    private static String defaultValue(Parameter parameter) {
        DefaultValue value = parameter.getAnnotation(DefaultValue.class);
        return value == null || value.value().length == 0 ? "" : value.value()[0];
    }

    private static String dashed(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
