package dev.aistream.provider.anthropic;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of the Messages API, and what they mean here. */
final class AnthropicWire {

    private static final List<String> EVENT_TYPE_NAMES = List.of(
            "content_block_delta",
            "content_block_start",
            "content_block_stop",
            "message_start",
            "message_delta",
            "message_stop",
            "ping",
            "error");

    /** Types of events; the constants below are indexes into it. */
    static final JsonNames EVENT_TYPES = JsonNames.of(EVENT_TYPE_NAMES.toArray(String[]::new));

    static final int CONTENT_BLOCK_DELTA = 0;
    static final int CONTENT_BLOCK_START = 1;
    static final int CONTENT_BLOCK_STOP = 2;
    static final int MESSAGE_START = 3;
    static final int MESSAGE_DELTA = 4;
    static final int MESSAGE_STOP = 5;
    static final int PING = 6;
    static final int ERROR = 7;

    /** Members of an event. */
    static final JsonNames EVENT = JsonNames.of("type", "index", "delta", "content_block", "message", "usage", "error");

    static final int TYPE = 0;
    static final int INDEX = 1;
    static final int DELTA = 2;
    static final int CONTENT_BLOCK = 3;
    static final int MESSAGE = 4;
    static final int USAGE = 5;
    static final int ERROR_MEMBER = 6;

    /** Members of a delta that carry it; those of {@code message_delta} are not among them. */
    static final JsonNames DELTA_MEMBERS =
            JsonNames.of("text", "thinking", "partial_json", "signature", "content", "citation", "type");

    static final int TEXT = 0;
    static final int THINKING = 1;
    static final int PARTIAL_JSON = 2;
    static final int SIGNATURE = 3;
    static final int CONTENT = 4;
    static final int CITATION = 5;
    static final int DELTA_TYPE = 6;

    /** Types of deltas, each at the index of the member that carries it. */
    static final JsonNames DELTA_TYPES = JsonNames.of(
            "text_delta",
            "thinking_delta",
            "input_json_delta",
            "signature_delta",
            "compaction_delta",
            "citations_delta");

    /** The provider's words for the end of an answer; any other is {@link FinishReason#OTHER}. */
    static final Map<String, FinishReason> FINISH_REASONS = finishReasons();

    /** The member of a block of a tool's call that holds its input. */
    static final JsonNames INPUT = JsonNames.of("input");

    private AnthropicWire() {}

    /** Index into {@link #EVENT_TYPES}, -1 for a type that is not in it. */
    static int eventType(String name) {
        return EVENT_TYPE_NAMES.indexOf(name);
    }

    private static Map<String, FinishReason> finishReasons() {
        Map<String, FinishReason> reasons = new LinkedHashMap<>();
        reasons.put("end_turn", FinishReason.STOP);
        reasons.put("stop_sequence", FinishReason.STOP);
        reasons.put("max_tokens", FinishReason.LENGTH);
        reasons.put("model_context_window_exceeded", FinishReason.LENGTH);
        reasons.put("tool_use", FinishReason.TOOL_CALLS);
        reasons.put("refusal", FinishReason.CONTENT_FILTER);
        reasons.put("pause_turn", FinishReason.PAUSE);
        return reasons;
    }

    static FinishReason finishReason(@Nullable String stopReason) {
        FinishReason known = stopReason == null ? null : FINISH_REASONS.get(stopReason);
        return known == null ? FinishReason.OTHER : known;
    }

    /** {@code input_tokens} leaves out what the cache took part in; {@link Usage#inputTokens()} holds all of it. */
    static Usage usage(Map<String, ?> raw) {
        Long uncached = count(raw.get("input_tokens"));
        Long written = count(raw.get("cache_creation_input_tokens"));
        Long read = count(raw.get("cache_read_input_tokens"));
        Long output = count(raw.get("output_tokens"));
        Long input = sum(sum(uncached, written), read);
        Long reasoning = raw.get("output_tokens_details") instanceof Map<?, ?> details
                ? count(details.get("thinking_tokens"))
                : null;
        Long total = input == null || output == null ? null : Long.valueOf(input + output);
        return new Usage(input, output, total, read, written, reasoning, raw);
    }

    private static @Nullable Long count(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : null;
    }

    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : other == null ? one : Long.valueOf(one + other);
    }
}
