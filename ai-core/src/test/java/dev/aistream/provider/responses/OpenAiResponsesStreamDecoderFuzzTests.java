package dev.aistream.provider.responses;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DecoderFuzz;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAiResponsesStreamDecoderFuzzTests {

    private static final ResponseHead HEAD = new ResponseHead(200, Map.of());

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void endsOnceWithTheSameEventsHoweverCut(byte[] input) {
        DecoderFuzz.check(
                input,
                maxLineLength -> new OpenAiResponsesStreamDecoder(
                        HEAD, maxLineLength, new ResponsesAnswer("openai", List.of(), false, HEAD)));
    }

    static Stream<byte[]> seeds() {
        return DecoderFuzz.seeds(
                "responses",
                "custom-tool.sse",
                "hosted-search.sse",
                "incomplete.sse",
                "parallel-calls.sse",
                "quota-error.sse",
                "reasoning-summary.sse",
                "refusal.sse",
                "text.sse");
    }
}
