package dev.aistream.samples.page;

import java.util.Map;

/** Chooses who answers in a sample: OpenAI where the environment holds a key, else the simulated provider. */
public final class SampleProvider {

    private SampleProvider() {}

    /**
     * Default properties for the sample.
     * @param environment such as {@link System#getenv()}
     */
    public static Map<String, Object> fromEnvironment(Map<String, String> environment) {
        boolean real = !environment.getOrDefault("OPENAI_API_KEY", "").isBlank()
                || !environment.getOrDefault("OPENAI_BASE_URL", "").isBlank();
        return Map.of("ai.provider", real ? "openai" : "simulated");
    }
}
