package dev.aistream.provider.ollama;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class OllamaDocumentationTests {

    @Test
    void optionsAreAsDocumented() {
        ProviderTables.assertOptions("ollama", OllamaRequestMapper.OPTIONS);
    }
}
