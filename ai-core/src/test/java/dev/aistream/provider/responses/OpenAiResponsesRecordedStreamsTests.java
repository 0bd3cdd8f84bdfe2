package dev.aistream.provider.responses;

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
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledIf("dev.aistream.provider.Recordings#exist")
class OpenAiResponsesRecordedStreamsTests {

    static Stream<Recording> recordings() {
        return Recordings.of("responses");
    }

    static StreamDecoder decoder() {
        ResponseHead head = new ResponseHead(200, Map.of());
        return new OpenAiResponsesStreamDecoder(
                head,
                ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH,
                new ResponsesAnswer("openai", List.of(), false, head));
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
}
