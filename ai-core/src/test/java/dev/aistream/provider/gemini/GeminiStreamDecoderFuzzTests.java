package dev.aistream.provider.gemini;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DecoderFuzz;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class GeminiStreamDecoderFuzzTests {

    private static final ResponseHead HEAD = new ResponseHead(200, Map.of());

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void endsOnceWithTheSameEventsHoweverCut(byte[] input) {
        DecoderFuzz.check(
                input, maxLineLength -> new GeminiStreamDecoder(HEAD, maxLineLength, "gemini", List.of(), false));
    }

    static Stream<byte[]> seeds() {
        return DecoderFuzz.seeds(
                "gemini",
                "calls.sse",
                "native.sse",
                "streamed-arguments.sse",
                "text.json-array.json",
                "text.sse",
                "thoughts.sse");
    }
}
