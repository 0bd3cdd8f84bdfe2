package dev.aistream.autoconfigure;

import dev.aistream.autoconfigure.relay.RelayProperties;
import java.util.Map;
import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Binds the properties of every application once beside the start, as Spring Boot's own modules do with what is slow to
 * load: constructors of many parameters, and the conversion of their defaults.
 */
final class PropertiesBackgroundPreinitializer implements BackgroundPreinitializer {

    @Override
    public void preinitialize() {
        Binder binder = new Binder(new MapConfigurationPropertySource(Map.of()));
        binder.bindOrCreate(OpenAiProperties.PREFIX, OpenAiProperties.class);
        binder.bindOrCreate("ai.http", AiHttpProperties.class);
        binder.bindOrCreate("ai.relay", RelayProperties.class);
        binder.bindOrCreate("ai", AiProperties.class);
    }
}
