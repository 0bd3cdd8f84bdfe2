package dev.aistream.provider.anthropic;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DecoderFuzz;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class AnthropicStreamDecoderFuzzTests {

    private static final ResponseHead HEAD = new ResponseHead(200, Map.of());

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void endsOnceWithTheSameEventsHoweverCut(byte[] input) {
        DecoderFuzz.check(
                input, maxLineLength -> new AnthropicStreamDecoder(HEAD, maxLineLength, "anthropic", List.of(), false));
    }

    static Stream<byte[]> seeds() {
        return DecoderFuzz.seeds(
                "anthropic",
                "cut-tool-input.sse",
                "hosted-search.sse",
                "interleaved-tools.sse",
                "overloaded.sse",
                "refusal.sse",
                "text.sse",
                "thinking.sse");
    }
}
