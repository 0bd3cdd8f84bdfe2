package dev.aistream.autoconfigure;

import dev.aistream.AiStreamingTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * What concerns every provider. Not bound where neither provider nor maxKeptText nor fallback is set and nobody asks
 * for it.
 *
 * @param enabled Whether anything of this starter is configured.
 * @param provider Name of the provider that answers when a request names none: openai, anthropic, gemini, ollama,
 *     simulated, the name of an ai.openai-compatible entry, or of a ChatModel bean. By default openai if it is
 *     configured, else the first that is.
 * @param maxKeptText Most text that one call keeps for response() and for the partial result of a failure; longer
 *     streams are delivered all the same.
 * @param fallback Models to try in this order when a call fails before its first output, each as provider/model, or
 *     the name of a provider for its default model.
 */
@Lazy
@ConfigurationProperties("ai")
public record AiProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String provider,
        @DefaultValue("4MB") DataSize maxKeptText,
        @DefaultValue List<String> fallback) {

    private static final AiProperties UNSET =
            new AiProperties(true, null, AiStreamingTemplate.DEFAULT_MAX_KEPT_TEXT, List.of());

    public AiProperties {
        provider = StringUtils.hasText(provider) ? provider.trim() : null;
        Check.positive("max-kept-text", maxKeptText);
        fallback = List.copyOf(fallback);
    }

    /** Bound only where one of them is set. */
    static AiProperties in(Environment environment, ObjectProvider<AiProperties> bound) {
        return PropertyPrefix.isSet(environment, "ai.provider", "ai.max-kept-text", "ai.fallback")
                ? bound.getObject()
                : UNSET;
    }
}
