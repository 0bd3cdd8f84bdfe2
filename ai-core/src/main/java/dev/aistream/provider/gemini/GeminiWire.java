package dev.aistream.provider.gemini;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonNames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of the Gemini API, and what they mean here. */
final class GeminiWire {

    /** Members of a {@code GenerateContentResponse}; the constants below are indexes into it. */
    static final JsonNames RESPONSE =
            JsonNames.of("candidates", "usageMetadata", "modelVersion", "responseId", "promptFeedback", "error");

    static final int CANDIDATES = 0;
    static final int USAGE_METADATA = 1;
    static final int MODEL_VERSION = 2;
    static final int RESPONSE_ID = 3;
    static final int PROMPT_FEEDBACK = 4;
    static final int ERROR = 5;

    /** Members of a {@code Candidate}. */
    static final JsonNames CANDIDATE = JsonNames.of("content", "finishReason", "index");

    static final int CONTENT = 0;
    static final int FINISH_REASON = 1;
    static final int INDEX = 2;

    /** The member of a {@code Content} that holds its parts. */
    static final JsonNames PARTS = JsonNames.of("parts");

    /** Members of a {@code Part} that have a name here; one with any other member is the provider's own. */
    static final JsonNames PART = JsonNames.of("text", "thought", "thoughtSignature", "functionCall");

    static final int TEXT = 0;
    static final int THOUGHT = 1;
    static final int THOUGHT_SIGNATURE = 2;
    static final int FUNCTION_CALL = 3;

    /** Members of a {@code FunctionCall}. */
    static final JsonNames CALL = JsonNames.of("id", "name", "args", "partialArgs", "willContinue");

    static final int ID = 0;
    static final int NAME = 1;
    static final int ARGS = 2;
    static final int PARTIAL_ARGS = 3;
    static final int WILL_CONTINUE = 4;

    /** Members of a {@code PartialArg}. */
    static final JsonNames PARTIAL_ARG =
            JsonNames.of("jsonPath", "stringValue", "numberValue", "boolValue", "nullValue");

    static final int JSON_PATH = 0;
    static final int STRING_VALUE = 1;
    static final int NULL_VALUE = 4;

    /** Metadata of a piece of the answer: names as on the wire. */
    static final String SIGNATURE = "thoughtSignature";

    static final String CALL_ID = "id";
    static final String IS_THOUGHT = "thought";

    private static final String UNSPECIFIED = "_UNSPECIFIED";

    /** The provider's words for the end of an answer; any other is {@link FinishReason#OTHER}. */
    static final Map<String, FinishReason> FINISH_REASONS = finishReasons();

    private GeminiWire() {}

    private static Map<String, FinishReason> finishReasons() {
        Map<String, FinishReason> reasons = new LinkedHashMap<>();
        reasons.put("STOP", FinishReason.STOP);
        reasons.put("MAX_TOKENS", FinishReason.LENGTH);
        for (String withheld : new String[] {
            "SAFETY",
            "RECITATION",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION"
        }) {
            reasons.put(withheld, FinishReason.CONTENT_FILTER);
        }
        for (String failed : new String[] {
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "MALFORMED_RESPONSE"
        }) {
            reasons.put(failed, FinishReason.ERROR);
        }
        // Gateways that write enums as numbers; beyond these the two APIs number differently.
        reasons.put("1", FinishReason.STOP);
        reasons.put("2", FinishReason.LENGTH);
        reasons.put("3", FinishReason.CONTENT_FILTER);
        reasons.put("4", FinishReason.CONTENT_FILTER);
        return reasons;
    }

    /**
     * What a finish reason means.
     * @param raw the provider's word
     * @param calledTools whether the answer asks for tools: it ends with {@code STOP} then too
     */
    static FinishReason finishReason(String raw, boolean calledTools) {
        FinishReason known = FINISH_REASONS.getOrDefault(raw, FinishReason.OTHER);
        return known == FinishReason.STOP && calledTools ? FinishReason.TOOL_CALLS : known;
    }

    /** Whether an enum's value says something: zero and {@code …_UNSPECIFIED} stand for an absent one. */
    static boolean isSpecified(String value) {
        return !value.isEmpty() && !value.equals("0") && !value.endsWith(UNSPECIFIED);
    }

    /** {@code candidatesTokenCount} leaves the thoughts out; {@link Usage#outputTokens()} holds all of it. */
    static Usage usage(Map<String, ?> raw) {
        Long thoughts = count(raw.get("thoughtsTokenCount"));
        Long candidates = count(raw.get("candidatesTokenCount"));
        Long output =
                candidates == null ? thoughts : thoughts == null ? candidates : Long.valueOf(candidates + thoughts);
        return new Usage(
                count(raw.get("promptTokenCount")),
                output,
                count(raw.get("totalTokenCount")),
                count(raw.get("cachedContentTokenCount")),
                null,
                thoughts,
                raw);
    }

    private static @Nullable Long count(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : null;
    }
}
