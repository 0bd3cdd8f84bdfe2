package dev.aistream.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens while an answer streams: one {@link ResponseStart}, any number of the others, one
 * {@link ResponseEnd}.
 *
 * <p>Blocks and calls are keyed by id, for they may interleave. A minor release may add subtypes: keep a default
 * branch. No subtype shows what was said in its {@code toString}.
 */
public sealed interface ChatEvent {

    /**
     * The answer has begun. Comes together with the first output.
     *
     * @param id the provider's id of the response, empty where it sends none
     * @param model the model that answers, as the provider calls it; empty where it does not say
     * @param provider {@link ChatModel#name()}
     * @param warnings what of the request was not sent, or was changed, and why
     * @param head status and headers; null where the provider is not reached by HTTP
     */
    record ResponseStart(
            String id,
            String model,
            String provider,
            List<String> warnings,
            @Nullable ResponseHead head) implements ChatEvent {

        public ResponseStart {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * A block of text begins.
     *
     * @param blockId unique within the response
     */
    record TextStart(String blockId) implements ChatEvent {}

    /**
     * Text. Fragments joined are the provider's text, to the character; none is empty, none cuts a surrogate pair.
     *
     * @param blockId the block that it belongs to
     * @param text the fragment
     */
    record TextDelta(String blockId, String text) implements ChatEvent {
        @Override
        public String toString() {
            return "TextDelta[" + blockId + ", " + text.length() + " chars]";
        }
    }

    /**
     * A block of text is whole.
     *
     * @param blockId the block
     * @param metadata the provider's own (citations, signatures), to send back
     */
    record TextEnd(String blockId, Map<String, ?> metadata) implements ChatEvent {
        public TextEnd {
            metadata = Json.copyOf(metadata);
        }
    }

    /**
     * A block of reasoning begins.
     *
     * @param blockId unique within the response
     */
    record ReasoningStart(String blockId) implements ChatEvent {}

    /**
     * Reasoning, as {@link TextDelta}.
     *
     * @param blockId the block that it belongs to
     * @param text the fragment
     */
    record ReasoningDelta(String blockId, String text) implements ChatEvent {
        @Override
        public String toString() {
            return "ReasoningDelta[" + blockId + ", " + text.length() + " chars]";
        }
    }

    /**
     * A block of reasoning is whole.
     *
     * @param blockId the block
     * @param metadata the provider's own (signatures), to send back
     */
    record ReasoningEnd(String blockId, Map<String, ?> metadata) implements ChatEvent {
        public ReasoningEnd {
            metadata = Json.copyOf(metadata);
        }
    }

    /**
     * The model asks for a tool; its arguments follow.
     *
     * @param callId the provider's id, or one that we made
     * @param toolName which tool
     */
    record ToolCallStart(String callId, String toolName) implements ChatEvent {}

    /**
     * Arguments of a tool call.
     *
     * @param callId the call
     * @param argumentsJson the fragment, not JSON by itself
     */
    record ToolCallDelta(String callId, String argumentsJson) implements ChatEvent {
        @Override
        public String toString() {
            return "ToolCallDelta[" + callId + ", " + argumentsJson.length() + " chars]";
        }
    }

    /**
     * A tool call is whole, or was cut by the provider.
     *
     * @param callId the call
     * @param complete false where the answer ended before the arguments were whole: do not run it
     * @param metadata the provider's own (signatures), to send back
     */
    record ToolCallEnd(String callId, boolean complete, Map<String, ?> metadata) implements ChatEvent {
        public ToolCallEnd {
            metadata = Json.copyOf(metadata);
        }
    }

    /**
     * The model declines, in words that the provider marks as such; fragments.
     *
     * @param text the fragment
     */
    record Refusal(String text) implements ChatEvent {
        @Override
        public String toString() {
            return "Refusal[" + text.length() + " chars]";
        }
    }

    /**
     * A piece that belongs into the answer and that only its provider understands: a hosted tool's call or result, a
     * redacted thought. {@link ChatResponse#message()} keeps it in its place, to be sent back as it came.
     *
     * @param content the piece, whole
     */
    record NativeContent(Content.Native content) implements ChatEvent {}

    /**
     * Something that the provider sent and that has no name here; with {@link ChatRequest#includeRaw()} every
     * event of the provider, before what it was decoded to.
     *
     * @param type the provider's word for it, empty where it has none
     * @param json as it was sent
     */
    record Raw(String type, String json) implements ChatEvent {
        @Override
        public String toString() {
            return "Raw[" + type + ", " + json.length() + " chars]";
        }
    }

    /**
     * The answer is whole: the provider's own completion signal was seen. Nothing follows but completion.
     *
     * @param finishReason why it ended
     * @param rawFinishReason the provider's word; null where it said none
     * @param usage what it cost; null where the provider did not say
     * @param metadata every field of the response that has no name here, by the provider's names, last value
     */
    record ResponseEnd(
            FinishReason finishReason,
            @Nullable String rawFinishReason,
            @Nullable Usage usage,
            Map<String, ?> metadata) implements ChatEvent {

        public ResponseEnd {
            metadata = Json.copyOf(metadata);
        }
    }
}
