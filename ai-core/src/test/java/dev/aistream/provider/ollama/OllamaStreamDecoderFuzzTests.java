package dev.aistream.provider.ollama;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.DecoderFuzz;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class OllamaStreamDecoderFuzzTests {

    private static final ResponseHead HEAD = new ResponseHead(200, Map.of());

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void endsOnceWithTheSameEventsHoweverCut(byte[] input) {
        DecoderFuzz.check(
                input, maxLineLength -> new OllamaStreamDecoder(HEAD, maxLineLength, "ollama", List.of(), false));
    }

    static Stream<byte[]> seeds() {
        String end = "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                + "\"done_reason\":\"stop\",\"prompt_eval_count\":4,\"eval_count\":2}\n";
        return Stream.of(
                        "{\"message\":{\"thinking\":\"Hm\"},\"done\":false}\r\n"
                                + "{\"message\":{\"content\":\"漢 \\ud83d\"},\"done\":false}\n"
                                + "{\"message\":{\"content\":\"\\ude00\"}}\n" + end,
                        "{\"message\":{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"index\":0,\"name\":\"f\","
                                + "\"arguments\":{\"a\":[1,2.5,null],\"b\":{\"c\":\"d\"}}}}]}}\n" + end,
                        "{\"response\":\"Hello\",\"done\":false}\n{\"error\":\"model runner stopped\"}\n",
                        "{\"error\":null,\"response\":\"\",\"done\":true,\"context\":[1,2]}")
                .map(DecoderFuzz::seed);
    }
}
