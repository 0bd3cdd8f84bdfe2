package dev.aistream.provider.responses;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of the Responses API, and what they mean here. */
final class OpenAiResponsesWire {

    private static final List<String> EVENT_TYPE_NAMES = List.of(
            "response.output_text.delta",
            "response.reasoning_summary_text.delta",
            "response.reasoning_text.delta",
            "response.refusal.delta",
            "response.function_call_arguments.delta",
            "response.custom_tool_call_input.delta",
            "response.output_text.done",
            "response.reasoning_summary_text.done",
            "response.reasoning_text.done",
            "response.refusal.done",
            "response.function_call_arguments.done",
            "response.custom_tool_call_input.done",
            "response.output_item.added",
            "response.output_item.done",
            "response.content_part.added",
            "response.content_part.done",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_part.done",
            "response.output_text.annotation.added",
            "response.queued",
            "response.created",
            "response.in_progress",
            "response.completed",
            "response.incomplete",
            "response.failed",
            "response.cancelled",
            "keepalive",
            "error");

    /** Types of events; the constants below are indexes into it. */
    static final JsonNames EVENT_TYPES = JsonNames.of(EVENT_TYPE_NAMES.toArray(String[]::new));

    static final int OUTPUT_TEXT_DELTA = 0;
    static final int SUMMARY_TEXT_DELTA = 1;
    static final int REASONING_TEXT_DELTA = 2;
    static final int REFUSAL_DELTA = 3;
    static final int ARGUMENTS_DELTA = 4;
    static final int CUSTOM_INPUT_DELTA = 5;
    static final int OUTPUT_TEXT_DONE = 6;
    static final int SUMMARY_TEXT_DONE = 7;
    static final int REASONING_TEXT_DONE = 8;
    static final int REFUSAL_DONE = 9;
    static final int ARGUMENTS_DONE = 10;
    static final int CUSTOM_INPUT_DONE = 11;
    static final int ITEM_ADDED = 12;
    static final int ITEM_DONE = 13;
    static final int PART_ADDED = 14;
    static final int PART_DONE = 15;
    static final int SUMMARY_PART_ADDED = 16;
    static final int SUMMARY_PART_DONE = 17;
    static final int ANNOTATION_ADDED = 18;
    static final int QUEUED = 19;
    static final int CREATED = 20;
    static final int IN_PROGRESS = 21;
    static final int COMPLETED = 22;
    static final int INCOMPLETE = 23;
    static final int FAILED = 24;
    static final int CANCELLED = 25;
    static final int KEEPALIVE = 26;
    static final int ERROR = 27;

    /** Members of an event; those from {@link #ITEM} on hold values of which first only the place is kept. */
    static final JsonNames EVENT = JsonNames.of(
            "type",
            "sequence_number",
            "item_id",
            "output_index",
            "content_index",
            "summary_index",
            "delta",
            "item",
            "part",
            "response",
            "annotation",
            "logprobs",
            "text",
            "refusal",
            "arguments",
            "input",
            "error");

    static final int TYPE = 0;
    static final int SEQUENCE_NUMBER = 1;
    static final int ITEM_ID = 2;
    static final int OUTPUT_INDEX = 3;
    static final int CONTENT_INDEX = 4;
    static final int SUMMARY_INDEX = 5;
    static final int DELTA = 6;
    static final int ITEM = 7;
    static final int PART = 8;
    static final int RESPONSE = 9;
    static final int ANNOTATION = 10;
    static final int LOGPROBS = 11;
    static final int TEXT = 12;
    static final int REFUSAL = 13;
    static final int ARGUMENTS = 14;
    static final int INPUT = 15;
    static final int ERROR_MEMBER = 16;

    static final String MAX_OUTPUT_TOKENS = "max_output_tokens";
    static final String CONTENT_FILTER = "content_filter";

    /** The provider's words for the end of an answer; any other is {@link FinishReason#OTHER}. */
    static final Map<String, FinishReason> FINISH_REASONS = finishReasons();

    private OpenAiResponsesWire() {}

    private static Map<String, FinishReason> finishReasons() {
        Map<String, FinishReason> reasons = new LinkedHashMap<>();
        reasons.put("completed", FinishReason.STOP);
        reasons.put("incomplete:max_output_tokens", FinishReason.LENGTH);
        reasons.put("incomplete:content_filter", FinishReason.CONTENT_FILTER);
        return reasons;
    }

    /**
     * Why the answer ended.
     * @param raw status, and reason where it is incomplete
     * @param calls whether tools are asked for
     * @param refused whether the model declined
     */
    static FinishReason finishReason(String raw, boolean calls, boolean refused) {
        FinishReason known = FINISH_REASONS.getOrDefault(raw, FinishReason.OTHER);
        if (known != FinishReason.STOP) {
            return known;
        }
        return refused ? FinishReason.CONTENT_FILTER : calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }

    /** Index into {@link #EVENT_TYPES}, -1 for a type that is not in it. */
    static int eventType(String name) {
        return EVENT_TYPE_NAMES.indexOf(name);
    }

    static Usage usage(Map<String, ?> raw) {
        Long input = count(raw, "input_tokens");
        Long output = count(raw, "output_tokens");
        Long total = count(raw, "total_tokens");
        return new Usage(
                input,
                output,
                total != null || input == null || output == null ? total : Long.valueOf(input + output),
                count(raw.get("input_tokens_details"), "cached_tokens"),
                count(raw.get("input_tokens_details"), "cache_write_tokens"),
                count(raw.get("output_tokens_details"), "reasoning_tokens"),
                raw);
    }

    private static @Nullable Long count(@Nullable Object counts, String name) {
        return counts instanceof Map<?, ?> map && map.get(name) instanceof Number number ? number.longValue() : null;
    }
}
