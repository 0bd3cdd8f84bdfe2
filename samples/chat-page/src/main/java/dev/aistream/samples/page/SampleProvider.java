package dev.aistream.samples.page;

import java.util.HashMap;
import java.util.Map;

/** Chooses who answers in a sample: OpenAI, or the server named in its place, else the simulated provider. */
public final class SampleProvider {

    private SampleProvider() {}

    /**
     * Default properties for the sample.
     * @param environment such as {@link System#getenv()}; {@code OPENAI_API_KEY} and {@code OPENAI_BASE_URL} count
     */
    public static Map<String, Object> fromEnvironment(Map<String, String> environment) {
        String key = environment.getOrDefault("OPENAI_API_KEY", "");
        String baseUrl = environment.getOrDefault("OPENAI_BASE_URL", "");
        Map<String, Object> properties = new HashMap<>();
        properties.put("ai.provider", key.isBlank() && baseUrl.isBlank() ? "simulated" : "openai");
        if (!baseUrl.isBlank()) {
            properties.put("ai.openai.base-url", baseUrl);
        }
        return properties;
    }
}
