package dev.aistream.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBalanceTests {

    private static JsonBalance fed(String json, int size) {
        JsonBalance balance = new JsonBalance();
        for (int from = 0; from < json.length(); from += size) {
            balance.feed(json.substring(from, Math.min(json.length(), from + size)));
        }
        return balance;
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " {\"a\":[1,{\"b\":\"}\"}]} ", "{\"a\":\"\\\\\"}", "{\"a\":\"\\\"{\"}", "\"x\"", "1"})
    void knowsWhatIsWhole(String json) {
        assertThat(fed(json, 1).isWhole()).isTrue();
        assertThat(fed(json, 100).isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{", "{\"a\":[1}", "{\"a\":\"}", "{\"a\":\"\\\"}", "{\"a\":\"\\\\"})
    void knowsWhatIsCut(String json) {
        assertThat(fed(json, 1).isWhole()).isFalse();
        assertThat(fed(json, 100).isWhole()).isFalse();
    }

    @Test
    void takesBytesAsItTakesCharacters() {
        JsonBalance balance = new JsonBalance();
        for (byte b : "[\"é}\\\"\"".getBytes(UTF_8)) {
            balance.feed(b);
        }
        assertThat(balance.isWhole()).isFalse();
        JsonBalance whole = balance.copy();
        whole.feed(']');
        assertThat(whole.isWhole()).isTrue();
        assertThat(balance.isWhole()).isFalse();
    }

    @Test
    void whiteSpaceIsNothing() {
        assertThat(fed(" \n\t", 1).isEmpty()).isTrue();
        assertThat(fed(" {", 1).isEmpty()).isFalse();
    }
}
