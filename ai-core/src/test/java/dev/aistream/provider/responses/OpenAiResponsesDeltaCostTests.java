package dev.aistream.provider.responses;

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

class OpenAiResponsesDeltaCostTests {

    private static final String PROLOGUE = WireText.events(
            "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}",
            "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}}",
            "{\"type\":\"response.output_item.added\",\"output_index\":2,\"item\":{\"id\":\"rs_1\",\"type\":\"reasoning\"}}",
            "{\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"id\":\"msg_1\",\"type\":\"message\"}}");

    private static StreamDecoder decoder() {
        ResponseHead head = new ResponseHead(200, Map.of());
        return new OpenAiResponsesStreamDecoder(
                head,
                ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH,
                new ResponsesAnswer("openai", List.of(), false, head));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,\"delta\":\" token\",\"logprobs\":[],\"obfuscation\":\"ibL5UNoyJag2\",\"sequence_number\":8}",
                "{\"content_index\":0,\"delta\":\" token\",\"item_id\":\"msg_1\",\"logprobs\":[],\"output_index\":1,\"sequence_number\":8,\"type\":\"response.output_text.delta\"}",
                "{\"content_index\":0,\"delta\":\" token\",\"item_id\":\"rotated\",\"logprobs\":[{\"token\":\"t\",\"bytes\":[1,2]}],\"output_index\":1,\"type\":\"response.output_text.delta\"}",
                "{\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"rs_1\",\"output_index\":2,\"summary_index\":0,\"delta\":\" hm\"}",
                "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"fc_1\",\"output_index\":0,\"delta\":\"[1,\"}"
            })
    void allocatesLittleForADelta(String delta) {
        assertThat(DeltaCost.perEvent(
                        OpenAiResponsesDeltaCostTests::decoder,
                        PROLOGUE,
                        "event: response.output_text.delta\ndata: " + delta + "\n\n"))
                .isLessThan(200);
    }
}
