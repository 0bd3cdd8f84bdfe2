package dev.aistream.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.chat.ToolCall;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.Recordings;
import dev.aistream.provider.Recordings.Recording;
import dev.aistream.provider.StreamDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaStreamDecoderTests {

    private static final String DONE = """
            {"model":"qwen3","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},\
            "done":true,"done_reason":"stop","total_duration":5,"prompt_eval_count":7,"eval_count":3}
            """;

    private static DecodedAnswer decode(String... lines) {
        return DecodedAnswer.of(decoder(1024), String.join("", lines));
    }

    private static StreamDecoder decoder(int maxLineLength) {
        return new OllamaStreamDecoder(
                new ResponseHead(200, Map.of("Content-Type", List.of("application/x-ndjson"))),
                maxLineLength,
                "ollama",
                List.of(),
                false);
    }

    private static String said(String members) {
        return "{\"model\":\"qwen3\",\"message\":{\"role\":\"assistant\"," + members + "},\"done\":false}\n";
    }

    @Test
    void joinsThinkingAndText() {
        DecodedAnswer answer = decode(
                said("\"content\":\"\",\"thinking\":\"Hm\""),
                "\r\n\n",
                said("\"content\":\" Grüße 😀\",\"thinking\":\"…\""),
                said("\"content\":\"!\""),
                DONE);

        assertThat(answer.reasoning()).isEqualTo("Hm…");
        assertThat(answer.text()).isEqualTo(" Grüße 😀!");
        assertThat(answer.start().model()).isEqualTo("qwen3");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.end().usage().raw()).isEqualTo(Map.of("prompt_eval_count", 7L, "eval_count", 3L));
        assertThat(answer.end().usage().totalTokens()).isEqualTo(10);
        assertThat(answer.end().metadata().get("total_duration")).isEqualTo(5L);
    }

    @Test
    void everyCutGivesTheSameEvents() {
        byte[] body = (said("\"thinking\":\"Hm\"") + said("\"content\":\"Grüße 😀\"") + DONE.stripTrailing())
                .getBytes(StandardCharsets.UTF_8);
        List<?> whole = DecodedAnswer.of(decoder(1024), body).events();

        for (int size = 1; size < body.length; size++) {
            assertThat(DecodedAnswer.of(decoder(1024), body, size).events()).isEqualTo(whole);
        }
    }

    @Test
    void tellsToolCallsApartByTheirOrder() {
        DecodedAnswer answer = decode(
                said("\"content\":\"\",\"tool_calls\":[{\"function\":{\"index\":0,\"name\":\"weather\",\"arguments\":"
                        + "{\"city\":\"Rom\"}}},{\"function\":{\"index\":0,\"name\":\"time\",\"arguments\":{}}}]"),
                said("\"content\":\"\",\"tool_calls\":[{\"id\":\"x1\",\"function\":{\"name\":\"weather\"}}]"),
                DONE);

        assertThat(answer.toolCalls())
                .containsExactly(
                        new ToolCall("call-0", "weather", "{\"city\":\"Rom\"}"),
                        new ToolCall("call-1", "time", "{}"),
                        new ToolCall("x1", "weather", "{}"));
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.end().rawFinishReason()).isEqualTo("stop");
    }

    @Test
    void takesTextAndToolCallsOfTheLastLine() {
        DecodedAnswer answer = decode("""
                {"message":{"content":"Hi","tool_calls":[{"function":{"name":"f","arguments":"{\\"a\\":1}"}}]},"done":true}
                """);

        assertThat(answer.text()).isEqualTo("Hi");
        assertThat(answer.toolCall().arguments()).isEqualTo("{\"a\":1}");
        assertThat(answer.end().usage()).isNull();
    }

    @Test
    void readsTheLinesOfGenerate() {
        DecodedAnswer answer = decode(
                "{\"response\":\"Hel\",\"done\":false}\n{\"response\":\"lo\",\"done\":false}\n",
                "{\"response\":\"\",\"done\":true,\"done_reason\":\"length\",\"context\":[1,2]}");

        assertThat(answer.text()).isEqualTo("Hello");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void anErrorLineEndsTheAnswerAfterItsText() {
        DecodedAnswer answer =
                decode(said("\"content\":\"Once\""), "{\"error\":\"model runner has unexpectedly stopped\"}\n", DONE);

        assertThat(answer.text()).isEqualTo("Once");
        assertThat(answer.failure().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(answer.failure()).hasMessageContaining("unexpectedly stopped");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void anErrorIsToldBeforeItsLineEnds(int size) {
        StreamDecoder decoder = decoder(1000);
        byte[] error = "{\"error\":\"stopped\"}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> {
                    for (int from = 0; from < error.length; from += size) {
                        int length = Math.min(size, error.length - from);
                        decoder.decode(ByteBuffer.wrap(error, from, length), new DecodedAnswer());
                    }
                })
                .isInstanceOf(ChatException.class)
                .hasMessage("stopped");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 1000})
    void anErrorIsToldThoughItsLineIsTooLong(int size) {
        byte[] line = ("{\"error\":\"stopped\"}" + " and so on".repeat(20)).getBytes(StandardCharsets.UTF_8);

        assertThat(DecodedAnswer.of(decoder(100), line, size).failure()).hasMessage("stopped");
        byte[] ended = (new String(line, StandardCharsets.UTF_8) + '\n').getBytes(StandardCharsets.UTF_8);
        assertThat(DecodedAnswer.of(decoder(100), ended, size).failure()).hasMessage("stopped");
    }

    @Test
    void whatIsNoUtf8IsReplacedAndNothingBesidesIt() {
        byte[] line = said("\"content\":\"a_ b\\n_é\"").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '_' ? (byte) 0xE2 : line[i];
        }

        assertThat(DecodedAnswer.of(decoder(1000), line).text()).isEqualTo("a\uFFFD b\n\uFFFDé");
        assertThat(DecodedAnswer.of(decoder(1000), line, 1).text()).isEqualTo("a\uFFFD b\n\uFFFDé");
    }

    @Test
    void anErrorThatIsNullIsNone() {
        assertThat(decode("{\"error\":null,\"message\":{\"content\":\"Hi\"}}\n", DONE)
                        .text())
                .isEqualTo("Hi");
    }

    @Test
    void anEndWithoutDoneIsInterrupted() {
        DecodedAnswer answer = decode(said("\"content\":\"Once\""));

        assertThat(answer.text()).isEqualTo("Once");
        assertThat(answer.failure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void anEndWithinALineIsInterrupted() {
        assertThat(decode(said("\"content\":\"Once\""), "{\"message\":{\"cont")
                        .failure()
                        .kind())
                .isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void anythingButJsonLinesIsNoStream() {
        assertThat(decode("<html><body>Bad gateway</body></html>").failure().kind())
                .isEqualTo(Kind.NOT_EVENT_STREAM);
        assertThat(decode("").failure().kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
    }

    @Test
    void aLineOverTheLimitFailsNamingTheProperty() {
        DecodedAnswer answer = DecodedAnswer.of(
                decoder(100), said("\"content\":\"" + "x".repeat(100) + "\"").getBytes(StandardCharsets.UTF_8), 10);

        assertThat(answer.failure().kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(answer.failure()).hasMessageContaining("max-line-length").hasMessageContaining("100 bytes");
    }

    static Stream<Recording> recordings() {
        return Recordings.of("ollama");
    }

    @EnabledIf("dev.aistream.provider.Recordings#exist")
    @ParameterizedTest
    @MethodSource("recordings")
    void decodesWhatTheServerSaid(Recording recording) {
        byte[] body = recording.body();
        DecodedAnswer whole = DecodedAnswer.of(decoder(1 << 20), body);

        assertThat(whole.text().codePointCount(0, whole.text().length()))
                .isEqualTo(recording.expected().path("textChars").asInt());
        assertThat(whole.reasoning())
                .hasSize(recording.expected().path("reasoningChars").asInt());
        assertThat(whole.toolCalls())
                .hasSize(recording.expected().path("toolCalls").size());
        assertThat(DecodedAnswer.of(decoder(1 << 20), body, 1).events()).isEqualTo(whole.events());
    }
}
