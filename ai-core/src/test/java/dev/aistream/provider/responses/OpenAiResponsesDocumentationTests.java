package dev.aistream.provider.responses;

import dev.aistream.provider.ProviderTables;
import org.junit.jupiter.api.Test;

class OpenAiResponsesDocumentationTests {

    @Test
    void optionsAreAsDocumented() {
        ProviderTables.assertOptions("responses", OpenAiResponsesRequestMapper.OPTIONS);
    }

    @Test
    void finishReasonsAreAsDocumented() {
        ProviderTables.assertFinishReasons("responses", OpenAiResponsesWire.FINISH_REASONS);
    }

    @Test
    void usageIsAsDocumented() {
        ProviderTables.assertUsage("responses", OpenAiResponsesWire::usage);
    }
}
