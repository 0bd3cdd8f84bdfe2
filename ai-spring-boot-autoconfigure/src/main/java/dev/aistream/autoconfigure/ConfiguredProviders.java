package dev.aistream.autoconfigure;

import dev.aistream.chat.ChatModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The providers of the application, ours and the user's, checked before a template is built of them. */
final class ConfiguredProviders {

    /** Those that {@code ai.provider} can simply name. */
    private static final List<String> BUILT_IN = List.of("openai", "anthropic", "gemini", "ollama", "simulated");

    private final Map<String, ChatModel> models = new LinkedHashMap<>();
    private final String defaultProvider;

    /**
     * Checks the names.
     * @param beans in their order
     * @param defaultProvider what {@code ai.provider} says
     * @throws InvalidProvidersException where a name is there twice, or the default one not at all
     */
    ConfiguredProviders(Collection<ChatModel> beans, @Nullable String defaultProvider) {
        for (ChatModel model : beans) {
            ChatModel other = models.putIfAbsent(model.name(), model);
            if (other != null) {
                throw duplicate(other, model);
            }
        }
        if (defaultProvider != null && !models.containsKey(defaultProvider)) {
            throw unknown(defaultProvider);
        }
        if (models.isEmpty()) {
            throw none();
        }
        this.defaultProvider = defaultProvider != null ? defaultProvider : firstOf(models);
    }

    private static String firstOf(Map<String, ChatModel> models) {
        return models.containsKey(OpenAiProperties.NAME)
                ? OpenAiProperties.NAME
                : models.keySet().iterator().next();
    }

    Collection<ChatModel> models() {
        return models.values();
    }

    String defaultProvider() {
        return defaultProvider;
    }

    /**
     * Fallback models as the template wants them.
     * @param entries each a provider, a provider and a model, or a model of the default provider
     */
    List<String> fallback(List<String> entries) {
        return entries.stream().map(String::trim).map(this::fallback).toList();
    }

    private String fallback(String entry) {
        if (models.containsKey(entry)) {
            return entry + "/";
        }
        int slash = entry.indexOf('/');
        String left = slash < 0 ? entry : entry.substring(0, slash);
        // Model names hold slashes, too: anthropic/claude-haiku-4.5 is one at OpenRouter, but none at OpenAI itself.
        if (!models.containsKey(left) && BUILT_IN.contains(left) && BUILT_IN.contains(defaultProvider)) {
            throw new InvalidProvidersException(
                    "'ai.fallback' holds '%s', but the provider '%s' is not configured. Configured: %s."
                            .formatted(entry, left, names()),
                    "Configure it below 'ai.%s', or take it from 'ai.fallback'.".formatted(left));
        }
        return entry;
    }

    private InvalidProvidersException unknown(String provider) {
        return new InvalidProvidersException(
                "'ai.provider' is '%s', but no provider of that name is configured. Configured: %s."
                        .formatted(provider, names()),
                """
                Set 'ai.provider' to one of those%s, or declare a bean of type dev.aistream.chat.ChatModel whose \
                name() is '%s'.""".formatted(
                                BUILT_IN.contains(provider)
                                        ? ", see to it that 'ai.%s.enabled' is not false".formatted(provider)
                                        : " or of %s, set 'ai.openai-compatible.%s.base-url'"
                                                .formatted(String.join(", ", BUILT_IN), provider),
                                provider));
    }

    private static InvalidProvidersException none() {
        return new InvalidProvidersException(
                "No provider of language models is configured.",
                "Set 'ai.openai.api-key', name another provider by 'ai.provider' (%s), or set 'ai.enabled=false'."
                        .formatted(String.join(", ", BUILT_IN)));
    }

    private static InvalidProvidersException duplicate(ChatModel model, ChatModel other) {
        return new InvalidProvidersException(
                "Two beans of type dev.aistream.chat.ChatModel have the name() '%s': a %s and a %s."
                        .formatted(
                                model.name(),
                                model.getClass().getName(),
                                other.getClass().getName()),
                "Give each provider a name of its own, or remove one of the beans.");
    }

    private String names() {
        return models.isEmpty() ? "none" : String.join(", ", models.keySet());
    }
}
