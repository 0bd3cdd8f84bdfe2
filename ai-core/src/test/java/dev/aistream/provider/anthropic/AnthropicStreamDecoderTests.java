package dev.aistream.provider.anthropic;

import static dev.aistream.provider.WireText.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.provider.BrokenStreams;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.StreamDecoder;
import dev.aistream.provider.WireText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicStreamDecoderTests {

    private static final String START = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\"}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";

    private static StreamDecoder decoder(boolean includeRaw) {
        return new AnthropicStreamDecoder(
                new ResponseHead(200, Map.of()),
                ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH,
                "anthropic",
                List.of("topK is not sent"),
                includeRaw);
    }

    private static DecodedAnswer decode(String body) {
        return DecodedAnswer.of(decoder(false), body);
    }

    private static DecodedAnswer decodeResource(String name) {
        return decode(WireText.text("anthropic/" + name));
    }

    private static String ended(String stopReason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + stopReason + "\"},\"usage\":{}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "thinking",
                "interleaved-tools",
                "hosted-search",
                "refusal",
                "cut-tool-input",
                "spliced-start",
                "gateway"
            })
    void everySplitGivesTheSameEvents(String name) {
        byte[] body = WireText.bytes("anthropic/" + name + ".sse");
        List<?> whole = DecodedAnswer.of(decoder(false), body).events();

        WireText.everySplit(body)
                .forEach(pieces -> assertThat(
                                DecodedAnswer.of(decoder(false), pieces).events())
                        .isEqualTo(whole));
    }

    @Test
    void thinkingInABlockOfTextIsThinking() {
        DecodedAnswer answer = decode("""
                data: {"type":"message_start","message":{"id":"msg_1","model":"m"}}

                data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

                data: {"type":"content_block_delta","index":2,"delta":{"type":"thinking_delta","thinking":"Hm."}}

                data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Hello"}}

                data: {"type":"content_block_stop","index":2}

                data: %s

                """.formatted(ended("end_turn")));

        assertThat(answer.reasoning()).isEqualTo("Hm.");
        assertThat(answer.text()).isEqualTo("Hello");
    }

    @Test
    void contentOfTheMessagesStartIsContent() {
        DecodedAnswer answer = decode("""
                data: {"type":"message_start","message":{"id":"msg_1","model":"m","content":[\
                {"type":"text","text":"Hi"},\
                {"type":"tool_use","id":"toolu_1","name":"query","input":{"q":"x"},"caller":{"type":"direct"}}],\
                "stop_reason":"tool_use","stop_sequence":"END","usage":{"input_tokens":5,"output_tokens":1}}}

                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":" there"}}

                data: {"type":"content_block_stop","index":0}

                data: {"type":"message_stop"}

                """);

        assertThat(answer.text()).isEqualTo("Hi there");
        assertThat(answer.toolCalls()).singleElement().satisfies(call -> {
            assertThat(call.id()).isEqualTo("toolu_1");
            assertThat(call.arguments()).isEqualTo("{\"q\":\"x\"}");
            assertThat(call.complete()).isTrue();
            assertThat(call.metadata()).isEqualTo(Map.of("caller", Map.of("type", "direct")));
        });
        assertThat(answer.end().rawFinishReason()).isEqualTo("tool_use");
        assertThat(answer.end().metadata()).isEqualTo(Map.of("stop_sequence", "END"));
    }

    @Test
    void emitsTextAsItComes() {
        DecodedAnswer answer = decodeResource("text.sse");

        assertThat(answer.events())
                .containsExactly(
                        new ResponseStart(
                                "msg_1",
                                "claude-sonnet-4-5",
                                "anthropic",
                                List.of("topK is not sent"),
                                new ResponseHead(200, Map.of())),
                        new TextStart("text-0"),
                        new TextDelta("text-0", "Hello"),
                        new TextDelta("text-0", ", wörld 👋🏽"),
                        new TextDelta("text-0", " \n"),
                        new TextEnd("text-0", Map.of()),
                        new ResponseEnd(
                                FinishReason.STOP, "end_turn", answer.end().usage(), Map.of()));
    }

    @Test
    void countsTheCacheAsInput() {
        Usage usage = decodeResource("text.sse").end().usage();

        assertThat(usage)
                .isEqualTo(new Usage(
                        20L,
                        9L,
                        29L,
                        5L,
                        3L,
                        null,
                        Map.of(
                                "input_tokens", 12L,
                                "cache_creation_input_tokens", 3L,
                                "cache_read_input_tokens", 5L,
                                "output_tokens", 9L,
                                "service_tier", "standard")));
    }

    @Test
    void laterCountsReplaceEarlierOnesAndNullsDoNot() {
        Usage usage = decode(events(
                        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}",
                        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"input_tokens\":null,\"output_tokens\":4}}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":6}}",
                        STOP))
                .end()
                .usage();

        assertThat(usage.inputTokens()).isEqualTo(7);
        assertThat(usage.outputTokens()).isEqualTo(6);
        assertThat(usage.cachedInputTokens()).isNull();
    }

    @Test
    void hasNoUsageWhereTheProviderSendsNone() {
        assertThat(decodeResource("gateway.sse").end().usage()).isNull();
    }

    @Test
    void keepsTheSignatureOfThinkingAndTheSealedThought() {
        DecodedAnswer answer = decodeResource("thinking.sse");

        assertThat(answer.content())
                .containsExactly(
                        new Content.Reasoning("Let me see.", Map.of("signature", "c2lnbmVk")),
                        new Content.Native("anthropic", Map.of("type", "redacted_thinking", "data", "c2VhbGVk")),
                        new Content.Text("42"));
        assertThat(answer.end().usage().reasoningTokens()).isEqualTo(20);
    }

    @Test
    void emitsASignatureWithoutAWordOfThinking() {
        DecodedAnswer answer = decode(events(
                START,
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"s\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                ended("end_turn"),
                STOP));

        assertThat(answer.events(ReasoningEnd.class))
                .containsExactly(new ReasoningEnd("reasoning-0", Map.of("signature", "s")));
        assertThat(answer.reasoning()).isEmpty();
    }

    @Test
    void keepsInterleavedCallsApart() {
        DecodedAnswer answer = decodeResource("interleaved-tools.sse");

        assertThat(answer.toolCalls())
                .extracting(call -> call.id() + " " + call.name() + " " + call.arguments() + " " + call.complete())
                .containsExactly(
                        "toolu_1 weather {\"city\":\"Rome\"} true",
                        "toolu_2 time {\"zone\":\"CET\"} true",
                        "toolu_3 today {} true");
        assertThat(answer.toolCalls().get(2).metadata()).isEqualTo(Map.of("caller", Map.of("type", "direct")));
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void marksACallThatWasCut() {
        DecodedAnswer answer = decodeResource("cut-tool-input.sse");

        assertThat(answer.toolCall().complete()).isFalse();
        assertThat(answer.toolCall().arguments()).isEqualTo("{\"lines\": [\"on");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void takesACallWithoutInputForCutWhereTheTokensRanOut() {
        String[] call = {
            START,
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}}",
            "{\"type\":\"content_block_stop\",\"index\":0}"
        };

        DecodedAnswer cut = decode(events(call) + events(ended("max_tokens"), STOP));
        DecodedAnswer whole = decode(events(call) + events(ended("tool_use"), STOP));

        assertThat(cut.toolCall().complete()).isFalse();
        assertThat(whole.toolCall().complete()).isTrue();
        assertThat(whole.toolCall().arguments()).isEqualTo("{}");
    }

    @Test
    void toolsOfTheProviderAreNoCallsOfOurs() {
        DecodedAnswer answer = decodeResource("hosted-search.sse");

        assertThat(answer.toolCalls()).isEmpty();
        assertThat(answer.events(ToolCallStart.class)).isEmpty();
        assertThat(answer.events(NativeContent.class))
                .extracting(piece -> (Object) piece.content().value().get("type"))
                .containsExactly("server_tool_use", "web_search_tool_result", "server_tool_use");
        assertThat(answer.events(NativeContent.class).get(0).content().value().get("input"))
                .isEqualTo(Map.of("query", "rust"));
        assertThat(answer.events(Raw.class)).extracting(Raw::type).containsOnly("content_block_start");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.PAUSE);
        assertThat(answer.end().metadata()).isEqualTo(Map.of("container", Map.of("id", "container_1")));
    }

    @Test
    void collectsCitationsOfABlock() {
        TextEnd end = decodeResource("hosted-search.sse").events(TextEnd.class).get(0);

        assertThat((List<?>) end.metadata().get("citations")).hasSize(2);
    }

    @Test
    void refusalWithoutContentIsAnAnswer() {
        DecodedAnswer answer = decodeResource("refusal.sse");

        assertThat(answer.events()).hasSize(2);
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(answer.end().rawFinishReason()).isEqualTo("refusal");
        assertThat(answer.end().metadata())
                .isEqualTo(
                        Map.of("stop_details", Map.of("type", "refusal", "category", "cyber", "explanation", "No.")));
    }

    @Test
    void aSecondStartCutsWhatIsOpen() {
        DecodedAnswer answer = decodeResource("spliced-start.sse");

        assertThat(answer.start().id()).isEqualTo("msg_1");
        assertThat(answer.end().metadata()).isEqualTo(Map.of("id", "msg_2", "model", "claude-opus-4"));
        assertThat(answer.toolCall().complete()).isFalse();
        assertThat(answer.text()).isEqualTo("Two.");
    }

    @Test
    void aSecondStartBeforeAnyOutputTakesTheFirstOnesPlace() {
        DecodedAnswer answer = decode(events(
                START,
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_2\",\"model\":\"n\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"x\"}}",
                ended("end_turn"),
                STOP));

        assertThat(answer.start().id()).isEqualTo("msg_2");
        assertThat(answer.start().model()).isEqualTo("n");
    }

    @Test
    void readsAnyOrderOfFieldsWithoutEventLines() {
        DecodedAnswer answer = decodeResource("gateway.sse");

        assertThat(answer.text()).isEqualTo("Hello 👋");
        assertThat(answer.toolCall().arguments().replace(" ", "")).isEqualTo("{\"a\":1}");
        assertThat(answer.toolCall().complete()).isTrue();
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void joinsASurrogatePairThatWasCut() {
        DecodedAnswer answer = decode(events(
                START,
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\\ud83d\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\udc4bb\"}}",
                ended("end_turn"),
                STOP));

        assertThat(answer.events(TextDelta.class)).extracting(TextDelta::text).containsExactly("a", "👋b");
    }

    @Test
    void joinsASurrogatePairThatWasCutInArguments() {
        String delta = "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                + "\"partial_json\":\"%s\"}}";
        DecodedAnswer answer = decode(events(
                START,
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}}",
                delta.formatted("[\\\"\\ud83d"),
                delta.formatted("\\udc4b\\\"]"),
                "{\"type\":\"content_block_stop\",\"index\":0}",
                ended("tool_use"),
                STOP));

        assertThat(answer.events(ToolCallDelta.class))
                .extracting(ToolCallDelta::argumentsJson)
                .containsExactly("[\"", "👋\"]");
        assertThat(answer.toolCall().complete()).isTrue();
    }

    @Test
    void makesABlockOfDeltasWhoseStartWasLost() {
        DecodedAnswer answer = decode(events(
                "{\"delta\":{\"thinking\":\"t\",\"type\":\"thinking_delta\",\"estimated_tokens\":4},\"type\":\"content_block_delta\"}",
                "{\"delta\":{\"text\":\"x\"},\"index\":1,\"type\":\"content_block_delta\"}",
                ended("end_turn"),
                STOP));

        assertThat(answer.reasoning()).isEqualTo("t");
        assertThat(answer.text()).isEqualTo("x");
    }

    @Test
    void passesOnWhatHasNoNameHere() {
        DecodedAnswer answer = decode(events(
                START,
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"song_delta\",\"text\":\"la\"}}",
                "{\"type\":\"weather_report\",\"sky\":\"blue\"}",
                ended("new_reason"),
                STOP));

        assertThat(answer.text()).isEqualTo("x");
        assertThat(answer.events(Raw.class))
                .containsExactly(
                        new Raw(
                                "content_block_delta",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"song_delta\",\"text\":\"la\"}}"),
                        new Raw("weather_report", "{\"type\":\"weather_report\",\"sky\":\"blue\"}"));
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(answer.end().rawFinishReason()).isEqualTo("new_reason");
    }

    @Test
    void keepsANewKindOfBlockWhole() {
        DecodedAnswer answer = decode(events(
                START,
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"compaction\",\"content\":null}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"compaction_delta\",\"content\":\"so far\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                ended("end_turn"),
                STOP));

        assertThat(answer.content())
                .containsExactly(new Content.Native("anthropic", Map.of("type", "compaction", "content", "so far")));
    }

    @Test
    void showsEveryEventWhereAsked() {
        DecodedAnswer answer = DecodedAnswer.of(decoder(true), WireText.bytes("anthropic/text.sse"));

        assertThat(answer.events(Raw.class))
                .extracting(Raw::type)
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void failsAsTheProviderSays() {
        DecodedAnswer answer = decodeResource("overloaded.sse");

        assertThat(answer.text()).isEqualTo("Par");
        ChatException failure = answer.failure();
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure.type()).isEqualTo("overloaded_error");
        assertThat(failure.status()).isEqualTo(529);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.requestId()).isEqualTo("req_1");
    }

    @Test
    void failsUnseenWhereTheErrorComesFirst() {
        DecodedAnswer answer = decode(
                events(START, "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Internal\"}}"));

        assertThat(answer.events()).isEmpty();
        assertThat(answer.failure().retryable()).isTrue();
    }

    @Test
    void failsOnAnErrorWithoutType() {
        assertThat(decode(events(START, "{\"error\":{\"message\":\"bad gateway\",\"code\":502}}"))
                        .failure()
                        .status())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upstream connect error or disconnect",
                "{\"type\":\"overloaded_error\",\"message\":\"upstream connect error or disconnect\"}",
                "{\"type\":\"error\",\"error\":\"upstream connect error or disconnect\"}"
            })
    void failsOnAnEventThatIsCalledErrorWhateverItsData(String data) {
        ChatException failure =
                decode(events(START) + "event: error\ndata: " + data + "\n\n").failure();

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessageContaining("upstream connect error or disconnect");
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.type()).isNotEqualTo("error");
    }

    @Test
    void isInterruptedWithoutAStopReason() {
        DecodedAnswer answer = decode(WireText.text("anthropic/text.sse")
                .substring(0, WireText.text("anthropic/text.sse").indexOf("event: message_delta")));

        assertThat(answer.text()).isEqualTo("Hello, wörld 👋🏽 \n");
        assertThat(answer.failure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void doneWithoutAStopReasonIsNoEnd() {
        assertThat(decode(events(START, "[DONE]")).failure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void completesAfterAStopReasonWithoutMessageStop() {
        DecodedAnswer answer = decode(WireText.text("anthropic/text.sse")
                .substring(0, WireText.text("anthropic/text.sse").indexOf("event: message_stop")));

        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"content_block_delta\",", "nonsense", "[1]", "{} {}"})
    void failsOnWhatIsNotTheDocumentedJson(String data) {
        assertThatThrownBy(() -> decode(events(START, data))).isInstanceOf(JsonSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"content_block_delta\"}",
                "{\"type\":\"content_block_delta\",\"delta\":null,\"index\":null}",
                "{\"type\":\"content_block_start\"}",
                "{\"type\":\"content_block_start\",\"content_block\":null}",
                "{\"type\":\"content_block_stop\",\"index\":77}",
                "{\"type\":\"message_start\",\"message\":null}",
                "{\"type\":\"message_delta\",\"delta\":null,\"usage\":null}",
                "{\"type\":null}",
                "{}"
            })
    void survivesEventsThatHoldNothing(String data) {
        DecodedAnswer answer = decode(events(
                START,
                data,
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
                ended("end_turn"),
                STOP));

        assertThat(answer.text()).isEqualTo("x");
        assertThat(answer.completed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text", "thinking", "interleaved-tools", "hosted-search", "cut-tool-input", "spliced-start"})
    void keepsTheRulesWhateverBreaks(String name) {
        String stream = WireText.text("anthropic/" + name + ".sse").replace("\r\n", "\n");

        BrokenStreams.decode(() -> decoder(false), stream);
    }
}
