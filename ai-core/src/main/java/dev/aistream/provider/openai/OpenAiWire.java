package dev.aistream.provider.openai;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wire's parts as they are read: made once for a stream and filled anew by each event, and the wire's words
 * translated.
 */
final class OpenAiWire {

    /** In the metadata of a custom tool's call, so that it goes back as one. */
    static final String TYPE = "type";

    static final String CUSTOM = "custom";

    private OpenAiWire() {}

    /** One {@code chat.completion.chunk}, the choice with index 0 only. */
    static final class Chunk {

        /** Whether it is a chunk at all: it has choices, a model or usage. */
        boolean recognized;

        @Nullable
        String id;

        @Nullable
        String model;

        @Nullable
        Object error;

        private final List<Delta> deltas = new ArrayList<>(1);
        private int deltaCount;

        void clear() {
            recognized = false;
            id = null;
            model = null;
            error = null;
            deltaCount = 0;
        }

        /** An empty delta, which {@link #dropDelta} takes back. */
        Delta addDelta() {
            if (deltaCount == deltas.size()) {
                deltas.add(new Delta());
            }
            Delta delta = deltas.get(deltaCount++);
            delta.clear();
            return delta;
        }

        void dropDelta() {
            deltaCount--;
        }

        int deltaCount() {
            return deltaCount;
        }

        Delta delta(int position) {
            return deltas.get(position);
        }
    }

    /** What one choice of a chunk adds. Empty strings are kept as null. */
    static final class Delta {

        @Nullable
        String reasoning;
        /** Servers that send several fields of reasoning repeat themselves: the lowest rank counts. */
        int reasoningRank;

        @Nullable
        String content;

        @Nullable
        String refusal;

        @Nullable
        String finishReason;

        /** Where the last piece of text, reasoning or arguments stands in the event, between its quotes; or -1. */
        int pieceStart;

        int pieceEnd;

        final List<Part> parts = new ArrayList<>(0);
        private final List<ToolCallFragment> toolCalls = new ArrayList<>(0);
        private int toolCallCount;

        void clear() {
            reasoning = null;
            reasoningRank = Integer.MAX_VALUE;
            content = null;
            refusal = null;
            finishReason = null;
            noPiece();
            if (!parts.isEmpty()) {
                parts.clear();
            }
            toolCallCount = 0;
        }

        ToolCallFragment addToolCall() {
            if (toolCallCount == toolCalls.size()) {
                toolCalls.add(new ToolCallFragment());
            }
            ToolCallFragment fragment = toolCalls.get(toolCallCount++);
            fragment.clear();
            return fragment;
        }

        int toolCallCount() {
            return toolCallCount;
        }

        ToolCallFragment toolCall(int position) {
            return toolCalls.get(position);
        }

        void piece(int start, int end) {
            pieceStart = start;
            pieceEnd = end;
        }

        void noPiece() {
            pieceStart = -1;
        }

        /** Nothing but one piece, known by its place: of text, of reasoning or of one call's arguments. */
        boolean isPlain() {
            int pieces = (content == null ? 0 : 1) + (reasoning == null ? 0 : 1) + parts.size() + toolCallCount;
            return pieces == 1
                    && pieceStart >= 0
                    && refusal == null
                    && finishReason == null
                    && (toolCallCount == 0 || toolCall(0).metadata == null);
        }

        boolean isReasoning() {
            return reasoning != null || (!parts.isEmpty() && parts.get(0).kind() == Part.Kind.THINKING);
        }
    }

    /** An element of a delta's {@code content} where that is an array. */
    record Part(Kind kind, String type, String text) {
        enum Kind {
            TEXT,
            THINKING,
            REFUSAL,
            /** Of a type not known here: the text is its JSON. */
            OTHER
        }
    }

    /** An element of a delta's {@code tool_calls}. Empty strings are kept as null, and so is the id {@code "null"}. */
    static final class ToolCallFragment {

        static final int NO_INDEX = Integer.MIN_VALUE;
        /** The one call that {@code function_call} can make; it has no id. */
        static final int LEGACY = NO_INDEX + 1;

        int index;

        @Nullable
        String id;

        @Nullable
        String name;

        @Nullable
        String arguments;

        @Nullable
        Map<String, @Nullable Object> metadata;

        /** Whether the call is of a custom tool, whose arguments are free text. */
        boolean custom;

        void clear() {
            custom = false;
            index = NO_INDEX;
            id = null;
            name = null;
            arguments = null;
            metadata = null;
        }
    }

    /** The servers' words for the end of an answer; any other is {@link FinishReason#OTHER}. */
    static final Map<String, FinishReason> FINISH_REASONS = finishReasons();

    static FinishReason finishReason(@Nullable String raw) {
        return raw == null ? FinishReason.OTHER : FINISH_REASONS.getOrDefault(raw, FinishReason.OTHER);
    }

    private static Map<String, FinishReason> finishReasons() {
        Map<String, FinishReason> reasons = new LinkedHashMap<>();
        reasons.put("stop", FinishReason.STOP);
        reasons.put("eos", FinishReason.STOP);
        reasons.put("length", FinishReason.LENGTH);
        reasons.put("model_length", FinishReason.LENGTH);
        reasons.put("tool_calls", FinishReason.TOOL_CALLS);
        reasons.put("function_call", FinishReason.TOOL_CALLS);
        reasons.put("content_filter", FinishReason.CONTENT_FILTER);
        reasons.put("error", FinishReason.ERROR);
        return reasons;
    }

    static Usage usage(Map<String, ?> raw) {
        Long input = count(raw.get("prompt_tokens"));
        Long completion = count(raw.get("completion_tokens"));
        Long total = count(raw.get("total_tokens"));
        Long reasoning = count(detail(raw, "completion_tokens_details", "reasoning_tokens"));
        Long output = withReasoning(input, completion, total, reasoning);
        return new Usage(
                input,
                output,
                total != null || input == null || output == null ? total : Long.valueOf(input + output),
                firstCount(
                        detail(raw, "prompt_tokens_details", "cached_tokens"),
                        raw.get("prompt_cache_hit_tokens"),
                        raw.get("cached_tokens")),
                count(detail(raw, "prompt_tokens_details", "cache_write_tokens")),
                reasoning,
                raw);
    }

    /** xAI counts reasoning beside the completion, all others inside; the total tells which. */
    private static @Nullable Long withReasoning(
            @Nullable Long input, @Nullable Long completion, @Nullable Long total, @Nullable Long reasoning) {
        if (input != null
                && completion != null
                && total != null
                && reasoning != null
                && reasoning > 0
                && total == input + completion + reasoning) {
            return completion + reasoning;
        }
        return completion;
    }

    private static @Nullable Object detail(Map<String, ?> raw, String details, String field) {
        return raw.get(details) instanceof Map<?, ?> map ? map.get(field) : null;
    }

    private static @Nullable Long firstCount(@Nullable Object... values) {
        for (Object value : values) {
            Long count = count(value);
            if (count != null) {
                return count;
            }
        }
        return null;
    }

    private static @Nullable Long count(@Nullable Object value) {
        return value instanceof Number number ? Long.valueOf(number.longValue()) : null;
    }
}
