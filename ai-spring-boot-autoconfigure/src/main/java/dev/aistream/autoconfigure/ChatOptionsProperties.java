package dev.aistream.autoconfigure;

import dev.aistream.chat.ChatOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Options of every request that leaves them open.
 *
 * @param maxTokens Most tokens to generate.
 * @param temperature Randomness, 0 to 2 for most providers.
 * @param topP Share of the probability mass to sample from, 0 to 1.
 * @param topK How many tokens to sample from.
 * @param frequencyPenalty Penalty of tokens by how often they came, -2 to 2.
 * @param presencePenalty Penalty of tokens that came at all, -2 to 2.
 * @param stop Texts that end the answer.
 * @param seed Seed for answers that repeat, as far as the provider can.
 * @param parallelToolCalls Whether several tools may be asked for at once.
 * @param reasoningEffort How much to reason, in the provider's words, such as low or high.
 * @param additional Fields of the provider's request that have no name here, sent as they are. Keys with an
 *     underscore need brackets, such as additional.[service_tier].
 */
public record ChatOptionsProperties(
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double frequencyPenalty,
        @Nullable Double presencePenalty,
        @DefaultValue List<String> stop,
        @Nullable Long seed,
        @Nullable Boolean parallelToolCalls,
        @Nullable String reasoningEffort,
        @DefaultValue Map<String, Object> additional) {

    public ChatOptionsProperties {
        Check.range("options.top-p", topP, 0, 1);
        Check.range("options.frequency-penalty", frequencyPenalty, -2, 2);
        Check.range("options.presence-penalty", presencePenalty, -2, 2);
        if (temperature != null && !(temperature >= 0)) {
            throw new IllegalArgumentException("options.temperature must not be negative, was " + temperature);
        }
        if (topK != null) {
            Check.positive("options.top-k", topK);
        }
        if (maxTokens != null) {
            Check.positive("options.max-tokens", maxTokens);
        }
        stop = List.copyOf(stop);
        additional = Map.copyOf(additional);
        if (additional.containsKey("n") && !"1".equals(String.valueOf(additional.get("n")))) {
            throw new IllegalArgumentException("options.additional: n above 1 is not supported");
        }
    }

    ChatOptions toOptions() {
        return new ChatOptions(
                maxTokens,
                temperature,
                topP,
                topK,
                frequencyPenalty,
                presencePenalty,
                stop,
                seed,
                null,
                null,
                parallelToolCalls,
                reasoningEffort,
                additional);
    }
}
