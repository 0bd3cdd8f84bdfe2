package dev.aistream.samples.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleProviderTests {

    @Test
    void simulatesWithoutKeyAndServer() {
        assertThat(SampleProvider.fromEnvironment(Map.of("OPENAI_API_KEY", " ")))
                .isEqualTo(Map.of("ai.provider", "simulated"));
    }

    @Test
    void asksOpenAiWithAKey() {
        assertThat(SampleProvider.fromEnvironment(Map.of("OPENAI_API_KEY", "key")))
                .isEqualTo(Map.of("ai.provider", "openai"));
    }

    @Test
    void asksTheServerThatTheEnvironmentNames() {
        assertThat(SampleProvider.fromEnvironment(Map.of("OPENAI_BASE_URL", "http://localhost:1234/v1")))
                .isEqualTo(Map.of("ai.provider", "openai", "ai.openai.base-url", "http://localhost:1234/v1"));
    }
}
