package dev.aistream.provider.openai;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class OpenAiDocumentationTests {

    @Test
    void finishReasonsAreAsDocumented() {
        ProviderTables.assertFinishReasons("openai", OpenAiWire.FINISH_REASONS);
    }

    @Test
    void usageIsAsDocumented() {
        ProviderTables.assertUsage("openai", OpenAiWire::usage);
    }
}
