package dev.aistream.provider.ollama;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class OllamaDocumentationTests {

    @Test
    void optionsAreAsDocumented() {
        ProviderTables.assertOptions("ollama", OllamaRequestMapper.OPTIONS);
    }

    @Test
    void finishReasonsAreAsDocumented() {
        ProviderTables.assertFinishReasons("ollama", OllamaWire.FINISH_REASONS);
    }

    @Test
    void usageIsAsDocumented() {
        ProviderTables.assertUsage(
                "ollama", raw -> OllamaWire.usage((Long) raw.get("prompt_eval_count"), (Long) raw.get("eval_count")));
    }
}
