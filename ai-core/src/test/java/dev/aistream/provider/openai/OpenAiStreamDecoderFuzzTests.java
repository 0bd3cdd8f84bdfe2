package dev.aistream.provider.openai;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.aistream.provider.DecoderFuzz;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAiStreamDecoderFuzzTests {

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void endsOnceWithTheSameEventsHoweverCutAndHoweverRead(byte[] input) {
        DecoderFuzz.check(
                input,
                maxLineLength -> new OpenAiStreamDecoder("openai", List.of(), Decoded.HEAD, maxLineLength, false));
        DecoderFuzz.checkEqual(
                input,
                RepeatedChunkTests.decoder(new RepeatedChunk()),
                RepeatedChunkTests.decoder(RepeatedChunkTests.full()));
    }

    static Stream<byte[]> seeds() throws IOException, URISyntaxException {
        return DecoderFuzz.seeds("openai", OpenAiStreamSplitTests.streams().toArray(String[]::new));
    }
}
