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
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ReflectionUtils;
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

    /** Its defaults are in the constructor, where the annotation processor does not see them. */
    @Test
    void theDefaultsOfOpenAiAreThoseThatAreBound() {
        Map<String, String> shown = new TreeMap<>();
        properties.forEach((name, property) -> {
            String defaultValue = property.path("defaultValue").asString("");
            if (name.matches("ai\\.openai\\.[a-z-]+") && !defaultValue.isEmpty()) {
                shown.put(name, defaultValue);
            }
        });
        // Depends on the interface, so the record leaves it open.
        assertThat(shown.remove("ai.openai.max-line-length")).isEqualTo("16384B");
        OpenAiProperties unset = openAi(Map.of());

        assertThat(openAi(shown)).isEqualTo(unset);
        assertThat(shown.keySet()).containsExactlyInAnyOrderElementsOf(namesWithAValue(unset));
    }

    private static OpenAiProperties openAi(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate(OpenAiProperties.PREFIX, OpenAiProperties.class);
    }

    private static Set<String> namesWithAValue(OpenAiProperties properties) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : OpenAiProperties.class.getRecordComponents()) {
            Object value = ReflectionUtils.invokeMethod(component.getAccessor(), properties);
            if (value != null && !value.equals(Map.of())) {
                names.add(OpenAiProperties.PREFIX + "." + dashed(component.getName()));
            }
        }
        return names;
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
