package dev.aistream.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.Recordings;
import dev.aistream.provider.Recordings.Recording;
import dev.aistream.provider.StreamDecoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledIf("dev.aistream.provider.Recordings#exist")
class AnthropicRecordedStreamsTests {

    /** One file holds two HTTP responses, joined by those who recorded it; an answer ends with the first. */
    private static final String TWO_ANSWERS = "anthropic/vercel-ai__anthropic-tool-search-regex.1.chunks.txt";

    static Stream<Recording> recordings() {
        return Recordings.of("anthropic").filter(recording -> !recording.file().equals(TWO_ANSWERS));
    }

    static StreamDecoder decoder() {
        return new AnthropicStreamDecoder(
                new ResponseHead(200, Map.of()),
                ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH,
                "anthropic",
                List.of(),
                false);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void decodesWhatTheProviderSaid(Recording recording) {
        byte[] body = recording.body();
        DecodedAnswer whole = DecodedAnswer.of(decoder(), body);
        Recordings.assertExact(whole, recording.expected());
        DecodedAnswer byByte = DecodedAnswer.of(decoder(), body, 1);
        assertThat(byByte.events()).usingRecursiveComparison().isEqualTo(whole.events());
    }

    @Test
    void endsWithTheFirstOfTwoAnswers() {
        DecodedAnswer answer =
                DecodedAnswer.of(decoder(), Recordings.named(TWO_ANSWERS).body());

        assertThat(answer.text())
                .isEqualTo("Great! I found a weather tool. Let me get the current weather data for San Francisco.");
        assertThat(answer.end().rawFinishReason()).isEqualTo("tool_use");
    }
}
