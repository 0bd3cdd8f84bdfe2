package dev.aistream.provider.gemini;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class GeminiDocumentationTests {

    @Test
    void optionsAreAsDocumented() {
        ProviderTables.assertOptions("gemini", GeminiRequestMapper.OPTIONS);
    }
}
