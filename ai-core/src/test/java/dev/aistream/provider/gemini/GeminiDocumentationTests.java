package dev.aistream.provider.gemini;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class GeminiDocumentationTests {

    @Test
    void optionsAreAsDocumented() {
        ProviderTables.assertOptions("gemini", GeminiRequestMapper.OPTIONS);
    }

    @Test
    void finishReasonsAreAsDocumented() {
        ProviderTables.assertFinishReasons("gemini", GeminiWire.FINISH_REASONS);
    }

    @Test
    void usageIsAsDocumented() {
        ProviderTables.assertUsage("gemini", GeminiWire::usage);
    }
}
