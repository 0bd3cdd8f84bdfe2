package dev.aistream.provider.ollama;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonNames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of Ollama's JSON, and what they mean here. */
final class OllamaWire {

    static final JsonNames LINE = JsonNames.of(
            "model",
            "message",
            "done",
            "done_reason",
            "error",
            "prompt_eval_count",
            "eval_count",
            "created_at",
            "response",
            "thinking",
            "context");
    static final int MODEL = 0;
    static final int MESSAGE = 1;
    static final int DONE = 2;
    static final int DONE_REASON = 3;
    static final int ERROR = 4;
    static final int PROMPT_EVAL_COUNT = 5;
    static final int EVAL_COUNT = 6;
    static final int CREATED_AT = 7;
    static final int RESPONSE = 8;
    static final int LINE_THINKING = 9;
    static final int CONTEXT = 10;

    static final JsonNames IN_MESSAGE = JsonNames.of("content", "thinking", "tool_calls");
    static final int CONTENT = 0;
    static final int THINKING = 1;
    static final int TOOL_CALLS = 2;

    static final JsonNames IN_TOOL_CALL = JsonNames.of("id", "function");
    static final int ID = 0;
    static final int FUNCTION = 1;

    static final JsonNames IN_FUNCTION = JsonNames.of("name", "arguments");
    static final int NAME = 0;
    static final int ARGUMENTS = 1;

    /** The provider's words for the end of an answer; any other is {@link FinishReason#OTHER}. */
    static final Map<String, FinishReason> FINISH_REASONS = finishReasons();

    private OllamaWire() {}

    private static Map<String, FinishReason> finishReasons() {
        Map<String, FinishReason> reasons = new LinkedHashMap<>();
        reasons.put("stop", FinishReason.STOP);
        reasons.put("length", FinishReason.LENGTH);
        return reasons;
    }

    /** Ollama says {@code stop} after tool calls, too. */
    static FinishReason finishReason(@Nullable String raw, boolean toolsCalled) {
        FinishReason known =
                raw == null || raw.isEmpty() ? FinishReason.STOP : FINISH_REASONS.getOrDefault(raw, FinishReason.OTHER);
        return known == FinishReason.STOP && toolsCalled ? FinishReason.TOOL_CALLS : known;
    }

    /** Counters that are zero are left out by the server, so that absent is absent. */
    static @Nullable Usage usage(@Nullable Long input, @Nullable Long output) {
        if (input == null && output == null) {
            return null;
        }
        Map<String, Object> raw = new LinkedHashMap<>();
        if (input != null) {
            raw.put("prompt_eval_count", input);
        }
        if (output != null) {
            raw.put("eval_count", output);
        }
        Long total = input == null || output == null ? null : Long.valueOf(input + output);
        return new Usage(input, output, total, null, null, null, raw);
    }
}
