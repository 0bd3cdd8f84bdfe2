package dev.aistream.contract;

import dev.aistream.test.WireFormat;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's Messages API as the contract's server speaks it. */
final class MessagesWire implements WireFormat {

    @Override
    public String begin() {
        return event(
                        "message_start",
                        "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                                + "\"model\":\"contract-model\",\"content\":[],\"stop_reason\":null,"
                                + "\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}")
                + event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    }

    @Override
    public String text(String fragment) {
        return event(
                "content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + quoted(fragment) + "}");
    }

    @Override
    public String end() {
        return event("content_block_stop", "\"index\":0")
                + event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                + "\"usage\":{\"output_tokens\":7}")
                + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    }

    @Override
    public String error(String message) {
        return "event: error\ndata: " + errorBody(message) + "\n\n";
    }

    @Override
    public String malformed() {
        return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\n\n";
    }

    @Override
    public String keepAlive() {
        return "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    }

    @Override
    public String errorBody(String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":" + quoted(message) + "}}";
    }

    @Override
    public Long inputTokens() {
        return 11L;
    }

    @Override
    public Long outputTokens() {
        return 7L;
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
