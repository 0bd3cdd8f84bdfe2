package dev.aistream.contract;

import dev.aistream.test.WireFormat;
import tools.jackson.databind.json.JsonMapper;

/** Google's Gemini API as the contract's server speaks it. */
final class GenerateContentWire implements WireFormat {

    @Override
    public String begin() {
        return event("{\"usageMetadata\": {\"promptTokenCount\": 11},\"modelVersion\": \"contract-model\","
                + "\"responseId\": \"r1\"}");
    }

    @Override
    public String text(String fragment) {
        return event("{\"candidates\": [{\"content\": {\"parts\": [{\"text\": " + quoted(fragment)
                + "}],\"role\": \"model\"},\"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 11},"
                + "\"modelVersion\": \"contract-model\",\"responseId\": \"r1\"}");
    }

    @Override
    public String end() {
        return event("{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"\"}],\"role\": \"model\"},"
                + "\"finishReason\": \"STOP\",\"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 11,"
                + "\"candidatesTokenCount\": 5,\"thoughtsTokenCount\": 2,\"totalTokenCount\": 18},"
                + "\"modelVersion\": \"contract-model\",\"responseId\": \"r1\"}");
    }

    @Override
    public String error(String message) {
        return event(errorBody(message));
    }

    @Override
    public String malformed() {
        return event("{\"candidates\": [{\"content\": {");
    }

    @Override
    public String errorBody(String message) {
        return "{\"error\": {\"code\": 500,\"message\": " + quoted(message) + ",\"status\": \"INTERNAL\"}}";
    }

    @Override
    public Long inputTokens() {
        return 11L;
    }

    @Override
    public Long outputTokens() {
        return 7L;
    }

    private static String event(String json) {
        return "data: " + json + "\r\n\r\n";
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
