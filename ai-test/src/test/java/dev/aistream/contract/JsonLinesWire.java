package dev.aistream.contract;

import dev.aistream.test.WireFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Ollama's chat API as the contract's server speaks it. */
final class JsonLinesWire implements WireFormat {

    @Override
    public String contentType() {
        return "application/x-ndjson";
    }

    @Override
    public String begin() {
        return "";
    }

    @Override
    public String text(String fragment) {
        return "{\"model\":\"contract-model\",\"message\":{\"role\":\"assistant\",\"content\":" + quoted(fragment)
                + "},\"done\":false}\n";
    }

    @Override
    public String end() {
        return "{\"model\":\"contract-model\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                + "\"done_reason\":\"stop\",\"prompt_eval_count\":11,\"eval_count\":7}\n";
    }

    @Override
    public String error(String message) {
        return errorBody(message) + "\n";
    }

    @Override
    public String malformed() {
        return "{\"message\":{\"content\":\n";
    }

    @Override
    public @Nullable String keepAlive() {
        return "\n";
    }

    @Override
    public String errorBody(String message) {
        return "{\"error\":" + quoted(message) + "}";
    }

    @Override
    public Long inputTokens() {
        return 11L;
    }

    @Override
    public Long outputTokens() {
        return 7L;
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
