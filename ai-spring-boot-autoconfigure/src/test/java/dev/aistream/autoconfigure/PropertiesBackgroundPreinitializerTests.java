package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class PropertiesBackgroundPreinitializerTests {

    /** Spring Boot swallows what a preinitializer throws: it would be of no use, unnoticed. */
    @Test
    void springBootFindsItAndEmptyPropertiesBind() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(BackgroundPreinitializer.class))
                .filteredOn(PropertiesBackgroundPreinitializer.class::isInstance)
                .singleElement()
                .satisfies(BackgroundPreinitializer::preinitialize);
    }
}
