package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ToolCall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCallAssemblerTests {

    private static final String ROME = "{\"city\":\"Rome\"}";
    private static final String OSLO = "{\"city\":\"Oslo\"}";

    @Test
    void interleavedFragmentsGoToTheCallOfTheirIndex() {
        Decoded decoded = Decoded.stream("parallel-tool-calls.sse");

        assertThat(decoded.toolCalls())
                .containsExactly(
                        new ToolCall("call_a", "weather", "{\"city\":\"Paris 🗼\"}"),
                        new ToolCall("call_b", "time", "{\"zone\":\"UTC\"}"));
        assertThat(decoded.events().subList(1, 9))
                .containsExactly(
                        new ToolCallStart("call_a", "weather"),
                        new ToolCallDelta("call_a", "{\"city\""),
                        new ToolCallStart("call_b", "time"),
                        new ToolCallDelta("call_b", "{\"zone\":\""),
                        new ToolCallDelta("call_a", ":\"Paris 🗼\"}"),
                        new ToolCallDelta("call_b", "UTC\"}"),
                        new ToolCallEnd("call_a", true, Map.of()),
                        new ToolCallEnd("call_b", true, Map.of()));
    }

    @Test
    void aCallEndsTheTextBeforeIt() {
        Decoded decoded = Decoded.stream("tool-call-index-from-one.sse");

        assertThat(decoded.toolCalls()).containsExactly(new ToolCall("call_a", "weather", ROME));
        assertThat(decoded.events().indexOf(new TextEnd("text-0", Map.of())))
                .isLessThan(decoded.events().indexOf(new ToolCallStart("call_a", "weather")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool-calls-one-delta.sse", "tool-calls-same-index.sse"})
    void eachIdIsACallOfItsOwn(String stream) {
        assertThat(Decoded.stream(stream).toolCalls())
                .containsExactly(new ToolCall("call_a", "weather", ROME), new ToolCall("call_b", "weather", OSLO));
    }

    @Test
    void fragmentsOfCallsWithTheSameIndexGoByTheirIds() {
        assertThat(Decoded.stream("tool-calls-same-index-interleaved.sse").toolCalls())
                .containsExactly(
                        new ToolCall("call_a", "weather", ROME), new ToolCall("call_b", "time", "{\"zone\":1}"));
    }

    @Test
    void callsWithoutIndexGoByTheirIds() {
        assertThat(Decoded.stream("tool-calls-without-index.sse").toolCalls())
                .containsExactly(
                        new ToolCall("D681PevKs", "weather", ROME), new ToolCall("D681PevKt", "weather", OSLO));
    }

    @Test
    void callsWithoutIdsGetIdsThatDependOnNothingButTheAnswer() {
        List<ToolCall> calls = Decoded.stream("tool-calls-without-ids.sse").toolCalls();

        assertThat(calls)
                .extracting(ToolCall::name, ToolCall::arguments, ToolCall::complete)
                .containsExactly(tuple("weather", ROME, true), tuple("weather", OSLO, true));
        assertThat(calls).extracting(ToolCall::id).doesNotHaveDuplicates().allMatch(id -> id.startsWith("call_"));
        assertThat(Decoded.stream("tool-calls-without-ids.sse").toolCalls()).isEqualTo(calls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tool-call-empty-id-continuation.sse",
                "tool-call-repeated-name.sse",
                "tool-call-late-name.sse",
                "tool-call-late-id.sse",
                "tool-call-new-id-each-fragment.sse",
                "tool-call-new-id-and-name-each-fragment.sse"
            })
    void oneCallStaysOne(String stream) {
        assertThat(Decoded.stream(stream).toolCalls()).containsExactly(new ToolCall("call_a", "weather", ROME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"function\":{\"name\":\"now\"}},{\"function\":{\"name\":\"today\"}}",
                "{\"index\":0,\"function\":{\"name\":\"now\",\"arguments\":\"\"}},"
                        + "{\"index\":0,\"function\":{\"name\":\"today\",\"arguments\":\"\"}}"
            })
    void anotherNameWithoutAnIdIsAnotherCall(String calls) {
        assertThat(Decoded.of("""
                data: {"choices":[{"delta":{"tool_calls":[%s]},"finish_reason":"tool_calls"}]}

                """.formatted(calls)).toolCalls())
                .extracting(ToolCall::name, ToolCall::arguments, ToolCall::complete)
                .containsExactly(tuple("now", "{}", true), tuple("today", "{}", true));
    }

    @Test
    void argumentsGivenAsJsonAreTaken() {
        assertThat(Decoded.stream("tool-call-object-arguments.sse").toolCalls())
                .containsExactly(new ToolCall("call_a", "weather", "{\"city\":\"Rome\",\"days\":[1,2]}"));
    }

    @Test
    void noArgumentsAreAnEmptyObject() {
        assertThat(Decoded.stream("tool-call-without-arguments.sse").toolCalls())
                .containsExactly(new ToolCall("call_a", "now", "{}"));
    }

    @Test
    void aCallWithoutANameIsNeverComplete() {
        assertThat(Decoded.stream("tool-call-without-name.sse").toolCalls())
                .containsExactly(new ToolCall("call_a", "", "{\"x\":1}", false, Map.of()));
    }

    @Test
    void argumentsCutByTheTokenLimitAreIncomplete() {
        assertThat(Decoded.stream("tool-call-cut-by-length.sse").toolCalls())
                .containsExactly(
                        new ToolCall("call_a", "weather", ROME),
                        new ToolCall("call_b", "weather", "{\"city\":\"Os", false, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "tool_calls", "insufficient_system_resource"})
    void argumentsWithoutTheirEndAreIncompleteWhateverTheServerSays(String finishReason) {
        Decoded decoded = Decoded.of("""
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_a",\
                "function":{"name":"weather","arguments":"{\\"city\\":\\"Os"}}]}}]}

                data: {"choices":[{"delta":{},"finish_reason":"%s"}]}

                data: [DONE]

                """.formatted(finishReason));

        assertThat(decoded.toolCalls())
                .containsExactly(new ToolCall("call_a", "weather", "{\"city\":\"Os", false, Map.of()));
    }

    @Test
    void aCallMayComeWithTheFinishReason() {
        assertThat(Decoded.stream("tool-call-on-finish-chunk.sse").toolCalls())
                .containsExactly(new ToolCall("aX2gaLIyo", "weather", ROME));
    }

    @Test
    void fieldsOfTheProviderComeAlong() {
        assertThat(Decoded.stream("tool-call-extra-content.sse").toolCalls())
                .containsExactly(new ToolCall(
                        "call_a",
                        "weather",
                        ROME,
                        true,
                        Map.of("extra_content", Map.of("google", Map.of("thought_signature", "c2ln")))));
    }

    @Test
    void emptyAndNullListsAreNoCalls() {
        Decoded decoded = Decoded.stream("tool-calls-empty-list.sse");

        assertThat(decoded.toolCalls()).isEmpty();
        assertThat(decoded.text()).isEqualTo("Hi there");
    }

    @Test
    void customToolsAreCalledWithText() {
        assertThat(Decoded.stream("custom-tool-call.sse").toolCalls())
                .containsExactly(new ToolCall("call_a", "sql", "SELECT 1", true, Map.of("type", "custom")));
    }

    @Test
    void textForACustomToolNeedNotBeBalanced() {
        String body = """
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"custom",\
                "custom":{"name":"say","input":":-("}}]},"finish_reason":"tool_calls"}]}

                data: [DONE]

                """;

        assertThat(Decoded.of(body).toolCalls())
                .containsExactly(new ToolCall("a", "say", ":-(", true, Map.of("type", "custom")));
        assertThat(Decoded.of(body.replace("\"tool_calls\"}]}", "\"length\"}]}"))
                        .toolCalls())
                .extracting(ToolCall::complete)
                .containsExactly(false);
    }

    @Test
    void theFormerFunctionCallIsACall() {
        assertThat(Decoded.stream("function-call.sse").toolCalls())
                .extracting(ToolCall::name, ToolCall::arguments, ToolCall::complete)
                .containsExactly(tuple("weather", ROME, true));
    }

    @Test
    void callsAreBounded() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            body.append("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":")
                    .append(i)
                    .append(",\"id\":\"c")
                    .append(i)
                    .append("\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n");
        }

        assertThat(Decoded.of(body.toString()).chatFailure().kind()).isEqualTo(Kind.MALFORMED);
    }
}
