package dev.aistream.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call cost, in tokens. A count that the provider did not send is null, never zero.
 *
 * @param inputTokens tokens read, cached ones included
 * @param outputTokens tokens written, reasoning included
 * @param totalTokens the provider's own total, or the sum where it sends none
 * @param cachedInputTokens the part of {@code inputTokens} read from the provider's cache
 * @param cacheWriteTokens the part of {@code inputTokens} written to the provider's cache
 * @param reasoningTokens the part of {@code outputTokens} spent on reasoning
 * @param raw the provider's own object, as it last stood
 */
public record Usage(
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long totalTokens,
        @Nullable Long cachedInputTokens,
        @Nullable Long cacheWriteTokens,
        @Nullable Long reasoningTokens,
        Map<String, ?> raw) {

    public Usage {
        raw = Json.copyOf(raw);
    }
}
