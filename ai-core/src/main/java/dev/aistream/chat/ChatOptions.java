package dev.aistream.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the model shall answer. Null leaves the provider's default; what a provider does not take becomes a warning
 * in the result.
 *
 * @param maxTokens most tokens to generate
 * @param temperature randomness, 0 to 2 for most providers
 * @param topP share of the probability mass to sample from, 0 to 1
 * @param topK how many tokens to sample from
 * @param frequencyPenalty penalty of tokens by how often they came, -2 to 2
 * @param presencePenalty penalty of tokens that came at all, -2 to 2
 * @param stop texts that end the answer; empty for none
 * @param seed for answers that repeat, as far as the provider can
 * @param responseFormat shape of the text
 * @param toolChoice whether tools may or must be called
 * @param parallelToolCalls whether several tools may be asked for at once
 * @param reasoningEffort the provider's word, such as {@code low}
 * @param additional fields of the provider's request that have no name here, sent as they are
 */
public record ChatOptions(
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double frequencyPenalty,
        @Nullable Double presencePenalty,
        List<String> stop,
        @Nullable Long seed,
        @Nullable ResponseFormat responseFormat,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        @Nullable String reasoningEffort,
        Map<String, ?> additional) {

    /** Every option left to the provider. */
    public static final ChatOptions NONE =
            new ChatOptions(null, null, null, null, null, null, List.of(), null, null, null, null, null, Map.of());

    public ChatOptions {
        stop = List.copyOf(stop);
        additional = Json.copyOf(additional);
        if (maxTokens != null && maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
        if (additional.get("n") instanceof Number n && n.intValue() > 1) {
            throw new IllegalArgumentException("n above 1 is not supported: one call streams one answer");
        }
    }

    /** These options, with those of {@code defaults} where these leave the choice open. */
    public ChatOptions orElse(ChatOptions defaults) {
        if (defaults.equals(NONE)) {
            return this;
        }
        Map<String, @Nullable Object> merged = new LinkedHashMap<>(defaults.additional);
        merged.putAll(additional);
        return new ChatOptions(
                first(maxTokens, defaults.maxTokens),
                first(temperature, defaults.temperature),
                first(topP, defaults.topP),
                first(topK, defaults.topK),
                first(frequencyPenalty, defaults.frequencyPenalty),
                first(presencePenalty, defaults.presencePenalty),
                stop.isEmpty() ? defaults.stop : stop,
                first(seed, defaults.seed),
                first(responseFormat, defaults.responseFormat),
                first(toolChoice, defaults.toolChoice),
                first(parallelToolCalls, defaults.parallelToolCalls),
                first(reasoningEffort, defaults.reasoningEffort),
                merged);
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
        return own != null ? own : other;
    }
}
