package dev.aistream.contract;

import dev.aistream.test.WireFormat;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's Responses API as the contract's server speaks it. */
final class ResponsesWire implements WireFormat {

    @Override
    public String begin() {
        return event(
                        "response.created",
                        "\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"model\":\"contract-model\","
                                + "\"output\":[],\"error\":null,\"usage\":null}")
                + event(
                        "response.output_item.added",
                        "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[]}")
                + event(
                        "response.content_part.added",
                        "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,"
                                + "\"part\":{\"type\":\"output_text\",\"text\":\"\"}");
    }

    @Override
    public String text(String fragment) {
        return event(
                "response.output_text.delta",
                "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":" + quoted(fragment)
                        + ",\"logprobs\":[]");
    }

    @Override
    public String end() {
        return event(
                "response.completed",
                "\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"model\":\"contract-model\",\"output\":[],"
                        + "\"usage\":{\"input_tokens\":11,\"output_tokens\":7,\"total_tokens\":18}}");
    }

    @Override
    public String error(String message) {
        return event(
                "error",
                "\"error\":{\"type\":\"server_error\",\"code\":\"broken\",\"message\":" + quoted(message) + "}");
    }

    @Override
    public String malformed() {
        return "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\n\n";
    }

    @Override
    public String keepAlive() {
        return event("keepalive", "\"sequence_number\":3");
    }

    @Override
    public String errorBody(String message) {
        return "{\"error\":{\"message\":" + quoted(message) + ",\"type\":\"server_error\",\"code\":\"broken\"}}";
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
