package dev.aistream.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DeltaCost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaDeltaCostTests {

    @ParameterizedTest
    @ValueSource(strings = {"\"content\":\" token\"", "\"content\":\"\",\"thinking\":\" hm\""})
    void allocatesLittleForALine(String message) {
        assertThat(DeltaCost.perEvent(
                        () -> new OllamaStreamDecoder(
                                new ResponseHead(200, Map.of()), 4096, "ollama", List.of(), false),
                        "{\"message\":{\"content\":\"Hi\",\"thinking\":\"\"},\"done\":false}\n",
                        "{\"model\":\"qwen3\",\"created_at\":\"2026-01-01T00:00:00.123456Z\",\"message\":{\"role\":\"assistant\","
                                + message + "},\"done\":false}\n"))
                .isLessThan(250);
    }
}
