package dev.aistream.provider.anthropic;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class AnthropicDocumentationTests {

    @Test
    void optionsAreAsDocumented() {
        ProviderTables.assertOptions("anthropic", AnthropicRequestMapper.OPTIONS);
    }

    @Test
    void finishReasonsAreAsDocumented() {
        ProviderTables.assertFinishReasons("anthropic", AnthropicWire.FINISH_REASONS);
    }

    @Test
    void usageIsAsDocumented() {
        ProviderTables.assertUsage("anthropic", AnthropicWire::usage);
    }
}
