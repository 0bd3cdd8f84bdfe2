package dev.aistream.autoconfigure;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Servers that speak OpenAI's protocol and whose address is known: their name is enough. */
enum OpenAiCompatiblePreset {
    CEREBRAS("cerebras", "https://api.cerebras.ai/v1"),
    DEEPINFRA("deepinfra", "https://api.deepinfra.com/v1/openai"),
    /** Refuses a turn that called tools without the thoughts that led there. */
    DEEPSEEK("deepseek", "https://api.deepseek.com", true, "reasoning_content"),
    FIREWORKS("fireworks", "https://api.fireworks.ai/inference/v1"),
    GROQ("groq", "https://api.groq.com/openai/v1"),
    LLAMA_CPP("llama-cpp", "http://localhost:8080/v1"),
    LM_STUDIO("lm-studio", "http://localhost:1234/v1"),
    /** Its usage comes without being asked for; older versions refuse the question. */
    MISTRAL("mistral", "https://api.mistral.ai/v1", false, null),
    /** Refuses the same as DeepSeek. */
    MOONSHOT("moonshot", "https://api.moonshot.ai/v1", true, "reasoning_content"),
    OPENROUTER("openrouter", "https://openrouter.ai/api/v1"),
    /** Its usage comes with every event. */
    PERPLEXITY("perplexity", "https://api.perplexity.ai", false, null),
    TOGETHER("together", "https://api.together.xyz/v1"),
    VLLM("vllm", "http://localhost:8000/v1"),
    XAI("xai", "https://api.x.ai/v1");

    private final String provider;
    private final URI baseUrl;
    private final boolean includeUsage;
    private final @Nullable String reasoningField;

    OpenAiCompatiblePreset(String provider, String baseUrl) {
        this(provider, baseUrl, true, null);
    }

    OpenAiCompatiblePreset(String provider, String baseUrl, boolean includeUsage, @Nullable String reasoningField) {
        this.provider = provider;
        this.baseUrl = URI.create(baseUrl);
        this.includeUsage = includeUsage;
        this.reasoningField = reasoningField;
    }

    static Optional<OpenAiCompatiblePreset> of(String provider) {
        return Arrays.stream(values())
                .filter(preset -> preset.provider.equals(provider))
                .findFirst();
    }

    String provider() {
        return provider;
    }

    URI baseUrl() {
        return baseUrl;
    }

    boolean includeUsage() {
        return includeUsage;
    }

    /** Field in which an assistant's reasoning goes back, null where it need not. */
    @Nullable
    String reasoningField() {
        return reasoningField;
    }

    /** A server of one's own needs none. */
    boolean needsKey() {
        return !"localhost".equals(baseUrl.getHost());
    }
}
