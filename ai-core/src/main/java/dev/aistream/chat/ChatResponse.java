package dev.aistream.chat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a whole, or, in {@link ChatException#partial()}, as far as it came.
 *
 * <p>What was said never appears in {@code toString}.
 *
 * @param id the provider's id of the response, empty where it sends none
 * @param provider {@link ChatModel#name()}
 * @param model the model that answered, as the provider calls it
 * @param text every fragment of text, joined
 * @param reasoning every fragment of reasoning, joined
 * @param refusal the provider's marked refusal; null where there is none
 * @param toolCalls in the order in which they began
 * @param message the answer as a turn to send back
 * @param finishReason why it ended; in a partial result null, unless the provider had said it before it failed
 * @param rawFinishReason the provider's word
 * @param usage null where the provider did not say
 * @param warnings what of the request was not sent, or was changed, and why
 * @param providerMetadata every field of the provider's that has no name here
 * @param raw the response beneath
 * @param attempts what was tried, the last one last
 * @param truncated whether text is missing here for the limit {@code ai.max-kept-text}
 * @param timings how long it took
 */
public record ChatResponse(
        String id,
        String provider,
        String model,
        String text,
        String reasoning,
        @Nullable String refusal,
        List<ToolCall> toolCalls,
        Message.Assistant message,
        @Nullable FinishReason finishReason,
        @Nullable String rawFinishReason,
        @Nullable Usage usage,
        List<String> warnings,
        Map<String, ?> providerMetadata,
        RawResponse raw,
        List<Attempt> attempts,
        boolean truncated,
        Timings timings) {

    public ChatResponse {
        toolCalls = List.copyOf(toolCalls);
        warnings = List.copyOf(warnings);
        providerMetadata = Json.copyOf(providerMetadata);
        attempts = List.copyOf(attempts);
    }

    @Override
    public String toString() {
        return "ChatResponse[id=" + id + ", provider=" + provider + ", model=" + model + ", text of " + text.length()
                + " chars" + (truncated ? " (truncated)" : "") + ", toolCalls=" + toolCalls.size() + ", finishReason="
                + finishReason + ", usage=" + usage + "]";
    }

    /**
     * The provider's response beneath.
     *
     * @param head status and headers; null where none came
     * @param events what came as {@link ChatEvent.Raw}, if the request asked for it
     */
    public record RawResponse(@Nullable ResponseHead head, List<ChatEvent.Raw> events) {

        public static final RawResponse NONE = new RawResponse(null, List.of());

        public RawResponse {
            events = List.copyOf(events);
        }

        public @Nullable String requestId() {
            return head == null ? null : head.requestId();
        }
    }

    /**
     * One try at the call.
     *
     * @param provider who was asked
     * @param model for which model; null for the provider's default
     * @param failure why it did not succeed; null for the one that did, or that is still going on
     * @param delay the pause before it
     */
    public record Attempt(
            String provider,
            @Nullable String model,
            @Nullable ChatException failure,
            Duration delay) {}

    /**
     * How long it took, from the subscription.
     *
     * @param toFirstToken until the first output event; null where none came
     * @param elapsed until the end
     */
    public record Timings(@Nullable Duration toFirstToken, Duration elapsed) {}
}
