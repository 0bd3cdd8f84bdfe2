package dev.aistream.autoconfigure;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/** Servers that speak OpenAI's protocol and whose address is known: their name is enough. */
enum OpenAiCompatiblePreset {
    CEREBRAS("cerebras", "https://api.cerebras.ai/v1"),
    DEEPINFRA("deepinfra", "https://api.deepinfra.com/v1/openai"),
    DEEPSEEK("deepseek", "https://api.deepseek.com"),
    FIREWORKS("fireworks", "https://api.fireworks.ai/inference/v1"),
    GROQ("groq", "https://api.groq.com/openai/v1"),
    LLAMA_CPP("llama-cpp", "http://localhost:8080/v1"),
    LM_STUDIO("lm-studio", "http://localhost:1234/v1"),
    /** Its usage comes without being asked for; older versions refuse the question. */
    MISTRAL("mistral", "https://api.mistral.ai/v1", false),
    MOONSHOT("moonshot", "https://api.moonshot.ai/v1"),
    OPENROUTER("openrouter", "https://openrouter.ai/api/v1"),
    /** Its usage comes with every event. */
    PERPLEXITY("perplexity", "https://api.perplexity.ai", false),
    TOGETHER("together", "https://api.together.xyz/v1"),
    VLLM("vllm", "http://localhost:8000/v1"),
    XAI("xai", "https://api.x.ai/v1");

    private final String provider;
    private final URI baseUrl;
    private final boolean includeUsage;

    OpenAiCompatiblePreset(String provider, String baseUrl) {
        this(provider, baseUrl, true);
    }

    OpenAiCompatiblePreset(String provider, String baseUrl, boolean includeUsage) {
        this.provider = provider;
        this.baseUrl = URI.create(baseUrl);
        this.includeUsage = includeUsage;
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

    /** A server of one's own needs none. */
    boolean needsKey() {
        return !"localhost".equals(baseUrl.getHost());
    }
}
