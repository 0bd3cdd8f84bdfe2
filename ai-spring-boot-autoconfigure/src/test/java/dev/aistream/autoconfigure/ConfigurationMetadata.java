package dev.aistream.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the build says about the properties below {@code ai}. */
final class ConfigurationMetadata {

    private ConfigurationMetadata() {}

    /** By name, in their order. */
    static Map<String, JsonNode> properties() {
        Map<String, JsonNode> byName = new TreeMap<>();
        try {
            for (URL url : Collections.list(
                    ClassUtils.getDefaultClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                for (JsonNode property : read(url).path("properties")) {
                    String name = property.path("name").asString();
                    if (name.startsWith("ai.")) {
                        byName.put(name, property);
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return byName;
    }

    static JsonNode read(URL url) throws IOException {
        try (InputStream stream = url.openStream()) {
            return JsonMapper.shared().readTree(stream);
        }
    }
}
