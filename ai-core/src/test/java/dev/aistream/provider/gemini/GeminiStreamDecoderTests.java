package dev.aistream.provider.gemini;

import static dev.aistream.provider.WireText.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.Json;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.StreamDecoder;
import dev.aistream.provider.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiStreamDecoderTests {

    private static final String TEXT = "Grüße, 👩‍💻 \"q\"\n";

    static StreamDecoder decoder() {
        return decoder(ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH, false);
    }

    private static StreamDecoder decoder(int maxLineLength, boolean includeRaw) {
        return new GeminiStreamDecoder(
                new ResponseHead(200, Map.of()), maxLineLength, "gemini", List.of("a warning"), includeRaw);
    }

    private static DecodedAnswer decode(String body) {
        return DecodedAnswer.of(decoder(), body);
    }

    private static DecodedAnswer decodeResource(String name) {
        return decode(WireText.text("gemini/" + name));
    }

    private static String text(String text) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}]}}]}";
    }

    private static String finish(String reason) {
        return "{\"candidates\":[{\"finishReason\":\"" + reason + "\"}]}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text.sse",
                "text.json-array.json",
                "thoughts.sse",
                "calls.sse",
                "streamed-arguments.sse",
                "native.sse"
            })
    void everySplitGivesTheSameEvents(String resource) {
        byte[] body = WireText.bytes("gemini/" + resource);
        DecodedAnswer whole = DecodedAnswer.of(decoder(), body);
        assertThat(whole.completed()).isTrue();

        WireText.everySplit(body)
                .forEach(pieces ->
                        assertThat(DecodedAnswer.of(decoder(), pieces).events()).isEqualTo(whole.events()));
        assertThat(DecodedAnswer.of(decoder(), body, 1).events()).isEqualTo(whole.events());
    }

    @Test
    void tellsWhoAnswersAndWhatItCost() {
        DecodedAnswer answer = decodeResource("text.sse");

        assertThat(answer.text()).isEqualTo(TEXT);
        assertThat(answer.start().id()).isEqualTo("r1");
        assertThat(answer.start().model()).isEqualTo("gemini-3-flash-preview");
        assertThat(answer.start().warnings()).containsExactly("a warning");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.end().rawFinishReason()).isEqualTo("STOP");
        Usage usage = answer.end().usage();
        assertThat(usage.inputTokens()).isEqualTo(9);
        assertThat(usage.outputTokens()).as("candidates and thoughts").isEqualTo(17);
        assertThat(usage.reasoningTokens()).isEqualTo(12);
        assertThat(usage.totalTokens()).isEqualTo(26);
        assertThat(usage.raw())
                .containsOnlyKeys(
                        "promptTokenCount",
                        "candidatesTokenCount",
                        "totalTokenCount",
                        "thoughtsTokenCount",
                        "cachedContentTokenCount");
    }

    @Test
    void arrayOfAGatewayIsTheSameAnswer() {
        assertThat(decodeResource("text.json-array.json").events())
                .isEqualTo(decodeResource("text.sse").events());
    }

    @Test
    void absentCountsAreAbsent() {
        Usage usage = decode(
                        events(
                                text("a"),
                                "{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"},\"candidates\":[{\"finishReason\":\"STOP\"}]}"))
                .end()
                .usage();

        assertThat(usage.inputTokens()).isNull();
        assertThat(usage.outputTokens()).isNull();
        assertThat(usage.raw()).isEqualTo(Map.of("trafficType", "ON_DEMAND"));
        assertThat(decode(events(text("a"), finish("STOP"))).end().usage()).isNull();
    }

    @Test
    void keepsEachSignatureOnThePartItSatOn() {
        DecodedAnswer answer = decodeResource("thoughts.sse");

        assertThat(answer.reasoning()).isEqualTo("Let me see. Yes.");
        assertThat(answer.text()).isEqualTo("42!");
        assertThat(answer.events(ReasoningEnd.class))
                .singleElement()
                .satisfies(end -> assertThat(end.metadata()).isEqualTo(Map.of("thought", true)));
        assertThat(answer.content())
                .extracting(piece -> piece instanceof Content.Text text ? text.text() : "")
                .containsExactly("", "4", "2", "!", "");
        assertThat(answer.events(TextEnd.class))
                .extracting(TextEnd::metadata)
                .isEqualTo(List.of(
                        Map.of(),
                        Map.of("thoughtSignature", "c2ln"),
                        Map.of(),
                        Map.of("thoughtSignature", "ZmluYWw=")));
    }

    @Test
    void callsComeWholeWithOrWithoutIds() {
        DecodedAnswer answer = decodeResource("calls.sse");

        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.end().rawFinishReason()).isEqualTo("STOP");
        List<ToolCall> calls = answer.toolCalls();
        assertThat(calls).extracting(ToolCall::name).containsExactly("weather", "today", "time");
        assertThat(calls)
                .extracting(ToolCall::arguments)
                .containsExactly("{\"city\": \"Rome\", \"days\": 2}", "{}", "{\"zone\": \"CET\"}");
        assertThat(calls)
                .extracting(ToolCall::id)
                .doesNotHaveDuplicates()
                .first()
                .isEqualTo("fc_1");
        assertThat(calls.get(0).metadata()).isEqualTo(Map.of("id", "fc_1", "thoughtSignature", "c2ln"));
        assertThat(calls.get(1).metadata()).isEmpty();
    }

    @Test
    void writesStreamedArgumentsAsJsonWhileTheyCome() {
        DecodedAnswer answer = decodeResource("streamed-arguments.sse");

        assertThat(answer.toolCalls()).extracting(ToolCall::name).containsExactly("cook", "eat");
        assertThat((Object) Json.of(answer.toolCalls().get(0).arguments())).isEqualTo(Json.of("""
                {"recipe":{"title":"Pa\\"sta\\n🍝","steps":["Boil",{"at °C":100.5}],"vegan":false},"note":null}"""));
        assertThat(answer.toolCalls().get(1).arguments()).isEqualTo("{\"now\":true}");
        assertThat(answer.toolCalls()).allMatch(ToolCall::complete);
        assertThat(answer.toolCalls().get(0).metadata()).isEqualTo(Map.of("thoughtSignature", "c2ln"));
        assertThat(answer.events(ToolCallDelta.class))
                .first()
                .satisfies(delta -> assertThat(delta.argumentsJson()).isEqualTo("{\"recipe\":{\"title\":\"Pa\\\"s"));
    }

    @Test
    void streamedCallWithoutItsLastPartIsWholeUnlessTheAnswerWasCut() {
        String begun = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"partialArgs\":"
                + "[{\"jsonPath\":\"$.a\",\"stringValue\":\"x\"}],\"willContinue\":true}}]}}]}";

        ToolCall whole = decode(events(begun, finish("STOP"))).toolCall();
        ToolCall cut = decode(events(begun, finish("MAX_TOKENS"))).toolCall();

        assertThat(whole.complete()).isTrue();
        assertThat(whole.arguments()).isEqualTo("{\"a\":\"x\"}");
        assertThat(cut.complete()).isFalse();
        assertThat(cut.arguments()).isEqualTo("{\"a\":\"x");
    }

    @Test
    void whatOnlyTheProviderUnderstandsIsKeptAsItCame() {
        DecodedAnswer answer = decodeResource("native.sse");

        assertThat(answer.events(NativeContent.class))
                .extracting(piece -> piece.content().value())
                .isEqualTo(List.of(
                        Map.of(
                                "executableCode",
                                Map.of("language", "PYTHON", "code", "print(6*7)"),
                                "thoughtSignature",
                                "c2ln"),
                        Map.of("codeExecutionResult", Map.of("outcome", "OUTCOME_OK", "output", "42\n")),
                        Map.of("inlineData", Map.of("mimeType", "image/png", "data", "iVBORw0="))));
        assertThat(answer.end().metadata()).containsKeys("groundingMetadata", "safetyRatings");
    }

    @Test
    void collectsTheCitationsOfAllResponses() {
        String cited = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"citationMetadata\":"
                + "{\"citationSources\":[{\"uri\":\"%s\"}]}}]}";

        Map<String, ?> metadata = decode(events(cited.formatted("one"), cited.formatted("two"), finish("RECITATION")))
                .end()
                .metadata();

        assertThat(metadata.get("citationMetadata"))
                .isEqualTo(Map.of("citationSources", List.of(Map.of("uri", "one"), Map.of("uri", "two"))));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "MAX_TOKENS, LENGTH",
        "SAFETY, CONTENT_FILTER",
        "IMAGE_SAFETY, CONTENT_FILTER",
        "MALFORMED_FUNCTION_CALL, ERROR",
        "LANGUAGE, OTHER",
        "FAKE_ENUM, OTHER"
    })
    void mapsFinishReasons(String raw, FinishReason reason) {
        DecodedAnswer answer = decode(events(text("a"), finish(raw)));

        assertThat(answer.end().finishReason()).isEqualTo(reason);
        assertThat(answer.end().rawFinishReason()).isEqualTo(raw);
    }

    @Test
    void brokenCallWithoutContentIsNoEmptySuccess() {
        DecodedAnswer answer = decode(events(finish("MALFORMED_FUNCTION_CALL")));

        assertThat(answer.failure().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(answer.failure().code()).isEqualTo("MALFORMED_FUNCTION_CALL");
        assertThat(answer.failure().retryable()).isTrue();
        assertThat(answer.events()).isEmpty();
    }

    @Test
    void brokenCallSaysWhatWasWrongWithIt() {
        DecodedAnswer answer =
                decode(events("{\"candidates\":[{\"content\":{},\"finishReason\":\"MALFORMED_FUNCTION_CALL\","
                        + "\"finishMessage\":\"Malformed function call: print(x())\"}]}"));

        assertThat(answer.failure()).hasMessageContaining("Malformed function call: print(x())");
    }

    @Test
    void blockedPromptIsAFailure() {
        DecodedAnswer answer = decode(events("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}"));

        assertThat(answer.failure().kind()).isEqualTo(Kind.CONTENT_FILTERED);
        assertThat(answer.failure().code()).isEqualTo("SAFETY");
        assertThat(answer.failure().retryable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"candidates\":[{\"content\":{}}]}",
                "{\"candidates\":[{\"content\":{\"missing-parts\":true},\"index\":0}]}",
                "{\"candidates\":[{\"content\":{\"parts\":null}}],\"error\":null}",
                "{\"candidates\":[],\"promptFeedback\":{\"safetyRatings\":[]}}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"other\"}]},\"index\":1,\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"finishReason\":\"FINISH_REASON_UNSPECIFIED\"}]}",
                "{\"this\":[{\"is\":\"else\"}]}"
            })
    void whatSaysNothingIsNothing(String nothing) {
        DecodedAnswer cut = decode(events(nothing));
        DecodedAnswer whole = decode(events(nothing, text("a"), nothing, finish("STOP")));

        assertThat(cut.failure().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(whole.text()).isEqualTo("a");
        assertThat(whole.end().rawFinishReason()).isEqualTo("STOP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: %s\n\n",
                "%s\n",
                "data: [%s]\n\n",
                "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"Overloaded.\",\n"
                        + "    \"status\": \"UNAVAILABLE\",\n    \"details\": [{\"@type\": \"t/google.rpc.RetryInfo\","
                        + " \"retryDelay\": \"34.4s\"}]\n  }\n}\n"
            })
    void errorInTheMiddleEndsTheAnswerAfterWhatCameBefore(String form) {
        String error = "{\"error\":{\"code\":503,\"message\":\"Overloaded.\",\"status\":\"UNAVAILABLE\",\"details\":"
                + "[{\"@type\":\"t/google.rpc.RetryInfo\",\"retryDelay\":\"34.4s\"}]}}";

        DecodedAnswer answer = decode(events(text("so far")) + form.replace("%s", error));

        assertThat(answer.text()).isEqualTo("so far");
        assertThat(answer.failure().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(answer.failure()).hasMessage("Overloaded.");
        assertThat(answer.failure().code()).isEqualTo("UNAVAILABLE");
        assertThat(answer.failure().status()).isEqualTo(503);
        assertThat(answer.failure().retryable()).isTrue();
        assertThat(answer.failure().retryAfter()).isEqualTo(Duration.ofMillis(34400));
    }

    @Test
    void errorAsAnArraysOnlyElementIsAnError() {
        DecodedAnswer answer =
                decode("[{\"error\":{\"code\":429,\"message\":\"Slow.\",\"status\":\"RESOURCE_EXHAUSTED\"}}]");

        assertThat(answer.failure().code()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(answer.failure().status()).isEqualTo(429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[]", "[%s", "[%s,", "[%s]", "[%s,{\"candidates\":[{"})
    void arrayWithoutAFinishReasonIsInterrupted(String form) {
        DecodedAnswer answer = decode(form.replace("%s", text("a")));

        assertThat(answer.failure().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(answer.failure().retryable()).isTrue();
    }

    @Test
    void arrayMayLackItsBracketAfterTheFinishReason() {
        assertThat(decode("\uFEFF \r\n[" + text("a") + "," + finish("STOP")).text())
                .isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"x\"", "1", "\u00E9"})
    void arrayOfSomethingElseIsMalformed(String element) {
        DecodedAnswer answer = decode("[" + text("a") + "," + element + "," + finish("STOP") + "]");

        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void elementBeyondTheLimitIsTooLong() {
        assertThat(DecodedAnswer.of(decoder(100, false), "[" + text("x".repeat(100)))
                        .failure()
                        .kind())
                .isEqualTo(Kind.TOO_LONG);
    }

    @Test
    void invalidUtf8InAnArrayBecomesTheReplacementCharacter() {
        byte[] body = ("[" + text("a?b") + "," + finish("STOP") + "]").getBytes(StandardCharsets.UTF_8);
        body[new String(body, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xC3;

        assertThat(DecodedAnswer.of(decoder(), body).text()).isEqualTo("a\uFFFDb");
    }

    @Test
    void endOfFileWithoutAFinishReasonIsInterrupted() {
        assertThat(decode(events(text("a"))).failure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void doneOfAGatewayEndsTheAnswer() {
        assertThat(decode(events(text("a"), finish("STOP"), "[DONE]", text("b")))
                        .text())
                .isEqualTo("a");
    }

    @Test
    void silenceMayEndTheAnswerOnlyAfterAFinishReason() {
        StreamDecoder decoder = decoder();
        assertThat(decoder.completable()).isFalse();
        DecodedAnswer.of(decoder, events(text("a"), finish("STOP")));
        assertThat(decoder.completable()).isTrue();
    }

    @Test
    void eventThatIsNoJsonEndsTheStream() {
        assertThatThrownBy(() -> decode(events(text("a"), "{\"candidates\":[{")))
                .isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void piecesOfArgumentsThatGoBackAreMalformed() {
        String part = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"partialArgs\":["
                + "{\"jsonPath\":\"$.a.b\",\"numberValue\":1},{\"jsonPath\":\"$.c\",\"numberValue\":2},"
                + "{\"jsonPath\":\"$.a.d\",\"numberValue\":3}]}}]}}]}";

        assertThat(decode(events(part)).failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void rawEventsComeBeforeWhatTheyWereDecodedTo() {
        String body = events(text("a"), finish("STOP"));

        DecodedAnswer answer = DecodedAnswer.of(decoder(1000, true), body);

        assertThat(answer.events(Raw.class)).extracting(Raw::json).containsExactly(text("a"), finish("STOP"));
        assertThat(answer.events().get(1)).isInstanceOf(Raw.class);
    }

    @Test
    void aProxysErrorWithoutJsonIsTheProvidersError() {
        ChatException failure = decode("data: " + text("Hi") + "\n\nevent: error\ndata: no healthy upstream\n\n")
                .failure();

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessageContaining("no healthy upstream");
    }
}
