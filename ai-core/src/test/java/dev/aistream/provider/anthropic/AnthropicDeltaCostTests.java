package dev.aistream.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DeltaCost;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.StreamDecoder;
import dev.aistream.provider.WireText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicDeltaCostTests {

    private static final String PROLOGUE = WireText.events(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\"}}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\"}}",
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}");

    private static StreamDecoder decoder() {
        return new AnthropicStreamDecoder(
                new ResponseHead(200, Map.of()),
                ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH,
                "anthropic",
                List.of(),
                false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\" token\"}     }",
                "{\"delta\":{\"text\":\" token\",\"type\":\"text_delta\"},\"index\":1,\"type\":\"content_block_delta\"}",
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\" \\u4f60好\\n\"}}",
                "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\" hm\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"[1,\"}}"
            })
    void allocatesLittleForADelta(String delta) {
        assertThat(DeltaCost.perEvent(
                        AnthropicDeltaCostTests::decoder,
                        PROLOGUE,
                        "event: content_block_delta\ndata: " + delta + "\n\n"))
                .isLessThan(200);
    }
}
