package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor shows for each property, and that it is what the records bind. */
class ConfigurationMetadataTests {

    private static final List<Class<?>> RECORDS =
            List.of(AiProperties.class, AiHttpProperties.class, OpenAiProperties.class, SimulatedProperties.class);

    private final Map<String, JsonNode> properties = ours();

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
        assertThat(bound)
                .allSatisfy((name, defaultValue) -> assertThat(
                                properties.get(name).path("defaultValue").asString(""))
                        .as(name)
                        .isEqualTo(defaultValue));
    }

    @Test
    void everyHintIsForAPropertyThatThereIs() throws IOException {
        Set<String> hinted = new TreeSet<>();
        JsonNode hints = read(new ClassPathResource("META-INF/additional-spring-configuration-metadata.json").getURL())
                .path("hints");
        hints.forEach(hint -> hinted.add(hint.path("name").asString()));

        assertThat(hinted).isNotEmpty().isSubsetOf(properties.keySet());
    }

    private static void collect(Map<String, String> bound, String prefix, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "." + dashed(component.getName());
            if (component.getType().isRecord()) {
                collect(bound, name, component.getType());
            } else {
                bound.put(name, defaultValue(record, component));
            }
        }
    }

    private static String defaultValue(Class<?> record, RecordComponent component) {
        int index = List.of(record.getRecordComponents()).indexOf(component);
        DefaultValue value =
                record.getDeclaredConstructors()[0].getParameters()[index].getAnnotation(DefaultValue.class);
        return value == null || value.value().length == 0 ? "" : value.value()[0];
    }

    private static String dashed(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static Map<String, JsonNode> ours() {
        Map<String, JsonNode> byName = new TreeMap<>();
        try {
            for (URL url : Collections.list(
                    ClassUtils.getDefaultClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                for (JsonNode property : read(url).path("properties")) {
                    ConfigurationPropertyName name =
                            ConfigurationPropertyName.of(property.path("name").asString());
                    if (ConfigurationPropertyName.of("ai").isAncestorOf(name)) {
                        byName.put(name.toString(), property);
                    }
                }
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return byName;
    }

    private static JsonNode read(URL url) throws IOException {
        try (InputStream stream = URI.create(url.toString()).toURL().openStream()) {
            return JsonMapper.shared().readTree(stream);
        }
    }
}
