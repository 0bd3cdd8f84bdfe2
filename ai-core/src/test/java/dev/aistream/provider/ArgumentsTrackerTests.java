package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTrackerTests {

    private static ArgumentsTracker fed(String json, int size) {
        ArgumentsTracker tracker = new ArgumentsTracker();
        for (int from = 0; from < json.length(); from += size) {
            tracker.feed(json.substring(from, Math.min(json.length(), from + size)));
        }
        return tracker;
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " {\"a\":[1,{\"b\":\"}\"}]} ", "{\"a\":\"\\\\\"}", "{\"a\":\"\\\"{\"}", "\"x\"", "1"})
    void knowsWhatIsWhole(String json) {
        assertThat(fed(json, 1).complete()).isTrue();
        assertThat(fed(json, 100).complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{", "{\"a\":[1}", "{\"a\":\"}", "{\"a\":\"\\\"}", "{\"a\":\"\\\\"})
    void knowsWhatIsCut(String json) {
        assertThat(fed(json, 1).complete()).isFalse();
        assertThat(fed(json, 100).complete()).isFalse();
    }

    @Test
    void whiteSpaceIsNothing() {
        assertThat(fed(" \n\t", 1).empty()).isTrue();
        assertThat(fed(" {", 1).empty()).isFalse();
    }
}
