package dev.aistream.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonReaderSelectStringTests {

    private static final JsonNames TYPES = JsonNames.of("text_delta", "ping", "größe");

    private final JsonReader reader = new JsonReader();

    private int select(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        reader.reset(bytes, 0, bytes.length);
        return reader.selectString(TYPES);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"text_delta\"`, 0",
                "` \"ping\" `, 1",
                "`\"größe\"`, 2",
                "`\"p\\u0069ng\"`, 1",
                "`\"pong\"`, -1",
                "`\"\"`, -1",
                "`null`, -1"
            })
    void findsAStringAmongTheNames(String json, int index) {
        assertThat(select(json)).isEqualTo(index);
        reader.end();
    }

    @Test
    void refusesOtherValues() {
        assertThatExceptionOfType(JsonSyntaxException.class).isThrownBy(() -> select("1"));
    }
}
