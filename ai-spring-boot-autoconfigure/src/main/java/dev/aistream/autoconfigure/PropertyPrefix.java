package dev.aistream.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/** Properties that are bound only where one of them is set, since to bind is felt at the start. */
public final class PropertyPrefix {

    private PropertyPrefix() {}

    /** Whether any property below the prefix may be set; a source that cannot list its properties may have one. */
    public static boolean isSet(Environment environment, String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }
}
