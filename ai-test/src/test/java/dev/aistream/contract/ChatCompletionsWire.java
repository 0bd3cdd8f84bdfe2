package dev.aistream.contract;

import dev.aistream.test.WireFormat;
import tools.jackson.databind.json.JsonMapper;

/** Chat Completions as the contract's server speaks it. */
final class ChatCompletionsWire implements WireFormat {

    @Override
    public String begin() {
        return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    }

    @Override
    public String text(String fragment) {
        return chunk("{\"content\":" + quoted(fragment) + "}", "null");
    }

    @Override
    public String end() {
        return chunk("{}", "\"stop\"")
                + "data: {\"id\":\"c-1\",\"model\":\"contract-model\",\"choices\":[],"
                + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}\n\n"
                + "data: [DONE]\n\n";
    }

    @Override
    public String error(String message) {
        return "data: " + errorBody(message) + "\n\n";
    }

    @Override
    public String malformed() {
        return "data: {\"choices\":[{\"delta\":\n\n";
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

    private static String chunk(String delta, String finishReason) {
        return "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"contract-model\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}\n\n";
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
