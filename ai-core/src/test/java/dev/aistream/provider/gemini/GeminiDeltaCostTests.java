package dev.aistream.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.provider.DeltaCost;
import dev.aistream.provider.WireText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiDeltaCostTests {

    private static final String REST = ",\"role\": \"model\"},\"index\": 0,\"safetyRatings\": [{\"category\": \"C\","
            + "\"probability\": \"NEGLIGIBLE\"}]}],\"usageMetadata\": {\"promptTokenCount\": 18,\"totalTokenCount\": 25,"
            + "\"promptTokensDetails\": [{\"modality\": \"TEXT\",\"tokenCount\": 18}]},\"modelVersion\": \"gemini\","
            + "\"createTime\":\"2026-04-07T16:49:58.333958Z\",\"responseId\": \"9KzvaPeUCPqV_uMPq-7nwQI\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"text\": \" token\"}", "{\"text\": \" \\u4f60好\\n\"}", "{\"thought\":true,\"text\":\" hm\"}"})
    void allocatesLittleForADelta(String part) {
        String event = WireText.events("{\"candidates\": [{\"content\": {\"parts\": [" + part + "]" + REST);

        assertThat(DeltaCost.perEvent(GeminiStreamDecoderTests::decoder, event, event))
                .isLessThan(200);
    }
}
