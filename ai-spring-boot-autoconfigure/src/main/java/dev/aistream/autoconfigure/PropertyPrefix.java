package dev.aistream.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/** Properties that are bound only where one of them is set, since to bind is felt at the start. */
public final class PropertyPrefix {

    private PropertyPrefix() {}

    /**
     * Whether a property of one of the names, or any below it, may be set; a source that cannot list its properties
     * may have one.
     */
    public static boolean isSet(Environment environment, String... names) {
        for (String each : names) {
            ConfigurationPropertyName name = ConfigurationPropertyName.of(each);
            for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
                if (source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT
                        || source.getConfigurationProperty(name) != null) {
                    return true;
                }
            }
        }
        return false;
    }
}
