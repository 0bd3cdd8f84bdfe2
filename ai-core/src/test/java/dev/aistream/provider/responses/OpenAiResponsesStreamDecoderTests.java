package dev.aistream.provider.responses;

import static dev.aistream.provider.WireText.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.BrokenStreams;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.StreamDecoder;
import dev.aistream.provider.WireText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiResponsesStreamDecoderTests {

    private static final ResponseHead HEAD = new ResponseHead(200, Map.of());
    private static final String CREATED =
            "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"gpt-5\"}}";
    private static final String COMPLETED =
            "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[]}}";

    private static StreamDecoder decoder(boolean includeRaw) {
        return new OpenAiResponsesStreamDecoder(
                HEAD,
                ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH,
                new ResponsesAnswer("openai", List.of(), includeRaw, HEAD));
    }

    private static DecodedAnswer decode(String body) {
        return DecodedAnswer.of(decoder(false), body);
    }

    private static DecodedAnswer decodeResource(String name) {
        return decode(WireText.text("responses/" + name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "reasoning-summary",
                "parallel-calls",
                "refusal",
                "hosted-search",
                "incomplete",
                "custom-tool",
                "rotated-ids"
            })
    void everySplitGivesTheSameEvents(String name) {
        byte[] body = WireText.bytes("responses/" + name + ".sse");
        List<?> whole = DecodedAnswer.of(decoder(false), body).events();

        WireText.everySplit(body)
                .forEach(pieces -> assertThat(
                                DecodedAnswer.of(decoder(false), pieces).events())
                        .isEqualTo(whole));
    }

    @Test
    void emitsTextAsItComes() {
        DecodedAnswer answer = decodeResource("text.sse");

        assertThat(answer.events())
                .containsExactly(
                        new ResponseStart("resp_1", "gpt-5", "openai", List.of(), HEAD),
                        new TextStart("text-0"),
                        new TextDelta("text-0", "Hello"),
                        new TextDelta("text-0", ", wörld 👋🏽"),
                        new TextDelta("text-0", " \n"),
                        new TextEnd("text-0", Map.of("id", "msg_1")),
                        new ResponseEnd(
                                FinishReason.STOP,
                                "completed",
                                answer.end().usage(),
                                Map.of("created_at", 1L, "service_tier", "default")));
        assertThat(answer.end().usage().inputTokens()).isEqualTo(10);
        assertThat(answer.end().usage().cachedInputTokens()).isEqualTo(4);
        assertThat(answer.end().usage().outputTokens()).isEqualTo(20);
        assertThat(answer.end().usage().reasoningTokens()).isEqualTo(8);
        assertThat(answer.end().usage().totalTokens()).isEqualTo(30);
        assertThat(answer.end().usage().cacheWriteTokens()).isNull();
    }

    @Test
    void partsOfASummaryAreBlocksOfTheirOwn() {
        DecodedAnswer answer = decodeResource("reasoning-summary.sse");

        assertThat(answer.content())
                .containsExactly(
                        new Content.Reasoning("**Plan**", Map.of("id", "rs_1", "type", "summary_text")),
                        new Content.Reasoning(
                                "**Check**",
                                Map.of("id", "rs_1", "type", "summary_text", "encrypted_content", "c2VhbGVk")),
                        new Content.Text("42", Map.of("id", "msg_1", "phase", "final_answer")));
    }

    @Test
    void keepsParallelCallsApart() {
        DecodedAnswer answer = decodeResource("parallel-calls.sse");

        assertThat(answer.toolCalls())
                .extracting(call -> call.id() + " " + call.name() + " " + call.arguments() + " " + call.complete())
                .containsExactly("call_1 weather {\"city\":\"Rome\"} true", "call_2 time {\"zone\":\"CET\"} true");
        assertThat(answer.toolCalls().get(0).metadata()).isEqualTo(Map.of("id", "fc_1"));
        assertThat(answer.content().get(0)).isEqualTo(new Content.Reasoning("", Map.of("id", "rs_1")));
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void marksARefusal() {
        DecodedAnswer answer = decodeResource("refusal.sse");

        assertThat(answer.events(Refusal.class)).extracting(Refusal::text).containsExactly("I can't ", "help.");
        assertThat(answer.text()).isEmpty();
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void tellsTheProgressOfHostedToolsAndKeepsThem() {
        DecodedAnswer answer = decodeResource("hosted-search.sse");

        assertThat(answer.events(Raw.class))
                .extracting(Raw::type)
                .containsExactly(
                        "response.output_item.added",
                        "response.web_search_call.in_progress",
                        "response.web_search_call.searching",
                        "response.web_search_call.completed");
        assertThat(answer.events(NativeContent.class))
                .containsExactly(new NativeContent(new Content.Native(
                        "openai",
                        Map.of(
                                "id",
                                "ws_1",
                                "type",
                                "web_search_call",
                                "status",
                                "completed",
                                "action",
                                Map.of("type", "search", "query", "rust")))));
        assertThat(answer.events(TextEnd.class).get(0).metadata())
                .isEqualTo(Map.of(
                        "id",
                        "msg_1",
                        "annotations",
                        List.of(Map.of(
                                "type", "url_citation",
                                "url", "https://rust.example",
                                "title", "Rust",
                                "start_index", 0L,
                                "end_index", 4L))));
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void saysWhyAnAnswerIsIncomplete() {
        DecodedAnswer answer = decodeResource("incomplete.sse");

        assertThat(answer.text()).isEqualTo("Once up");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.end().rawFinishReason()).isEqualTo("incomplete:max_output_tokens");
        assertThat((Object) answer.end().metadata().get("incomplete_details"))
                .isEqualTo(Map.of("reason", "max_output_tokens"));
    }

    @Test
    void customToolsTakeTextOfAnyForm() {
        DecodedAnswer answer = decodeResource("custom-tool.sse");

        assertThat(answer.toolCall().arguments()).isEqualTo("SELECT 1");
        assertThat(answer.toolCall().complete()).isTrue();
        assertThat(answer.toolCall().metadata()).isEqualTo(Map.of("type", "custom_tool_call", "id", "ctc_1"));
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void followsTheOutputIndexWhereIdsRotate() {
        DecodedAnswer answer = decodeResource("rotated-ids.sse");

        assertThat(answer.reasoning()).isEqualTo("Think.");
        assertThat(answer.text()).isEqualTo("Hello 👋");
        assertThat(answer.toolCall().arguments()).isEqualTo("{\"city\":\"Rome\"}");
        assertThat(answer.toolCall().complete()).isTrue();
    }

    @Test
    void reportsTheFirstOfTwoErrors() {
        DecodedAnswer answer = decodeResource("quota-error.sse");

        assertThat(answer.events()).isEmpty();
        assertThat(answer.failure().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(answer.failure().code()).isEqualTo("insufficient_quota");
        assertThat(answer.failure().status()).isEqualTo(429);
        assertThat(answer.failure().retryable()).isFalse();
    }

    @Test
    void readsTheFlatShapeOfAnErrorToo() {
        DecodedAnswer answer = decode(
                events(
                        CREATED,
                        "{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"Oops\",\"param\":null,\"sequence_number\":1}"));

        assertThat(answer.failure().code()).isEqualTo("server_error");
        assertThat(answer.failure().getMessage()).isEqualTo("Oops");
        assertThat(answer.failure().retryable()).isTrue();
    }

    @Test
    void failsWithTheErrorOfAFailedResponse() {
        DecodedAnswer answer = decode(
                events(
                        CREATED,
                        "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow down\"}}}"));

        assertThat(answer.failure().code()).isEqualTo("rate_limit_exceeded");
        assertThat(answer.failure().status()).isEqualTo(429);
        assertThat(answer.failure().retryable()).isTrue();
    }

    @Test
    void theStatusOfTheResponseCountsWhereItIsWorseThanTheNameOfTheEvent() {
        DecodedAnswer incomplete = decode(
                events(
                        CREATED,
                        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}}",
                        "{\"type\":\"response.completed\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}}"));
        DecodedAnswer failed = decode(
                events(
                        CREATED,
                        "{\"type\":\"response.completed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Oops\"}}}"));

        assertThat(incomplete.end().finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(incomplete.end().rawFinishReason()).isEqualTo("incomplete:max_output_tokens");
        assertThat(incomplete.toolCall().complete()).isFalse();
        assertThat(failed.failure()).hasMessage("Oops");
        assertThat(failed.completed()).isFalse();
    }

    @Test
    void aCancelledResponseIsNotWorthARetry() {
        DecodedAnswer answer = decode(events(
                CREATED, "{\"type\":\"response.cancelled\",\"response\":{\"status\":\"cancelled\",\"error\":null}}"));

        assertThat(answer.failure().code()).isEqualTo("cancelled");
        assertThat(answer.failure().retryable()).isFalse();
    }

    @Test
    void failsWhereAFailedResponseGivesNoReason() {
        DecodedAnswer answer = decode(
                events(CREATED, "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":null}}"));

        assertThat(answer.failure().code()).isEqualTo("server_error");
    }

    @Test
    void joinsASurrogatePairThatWasCut() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"a\\ud83d\"}",
                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"\\udc4bb\"}",
                COMPLETED));

        assertThat(answer.events(TextDelta.class)).extracting(TextDelta::text).containsExactly("a", "👋b");
    }

    @Test
    void joinsASurrogatePairThatWasCutInArguments() {
        String delta = "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,\"delta\":\"%s\"}";
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}}",
                delta.formatted("[\\\"\\ud83d"),
                delta.formatted("\\udc4b\\\"]"),
                COMPLETED));

        assertThat(answer.events(ToolCallDelta.class))
                .extracting(ToolCallDelta::argumentsJson)
                .containsExactly("[\"", "👋\"]");
    }

    @Test
    void takesTheWholeWhereThereAreNoDeltas() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Hm.\"}]}}",
                "{\"type\":\"response.output_text.done\",\"output_index\":1,\"item_id\":\"msg_1\",\"text\":\"Yes\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Yes\"}]}}",
                "{\"type\":\"response.output_item.done\",\"output_index\":2,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"\"}}",
                COMPLETED));

        assertThat(answer.reasoning()).isEqualTo("Hm.");
        assertThat(answer.text()).isEqualTo("Yes");
        assertThat(answer.toolCall().arguments()).isEqualTo("{}");
        assertThat(answer.toolCall().complete()).isTrue();
    }

    @Test
    void anIndexThatCountsUpWithEachEventIsOnePart() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"r1\",\"type\":\"reasoning\",\"summary\":[]}}",
                "{\"type\":\"response.reasoning_text.delta\",\"item_id\":\"r1\",\"output_index\":0,\"content_index\":1,\"delta\":\"Hm\"}",
                "{\"type\":\"response.reasoning_text.delta\",\"item_id\":\"r1\",\"output_index\":0,\"content_index\":2,\"delta\":\"mm\"}",
                "{\"type\":\"response.reasoning_text.done\",\"item_id\":\"r1\",\"output_index\":0,\"content_index\":3,\"text\":\"Hmmm\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"r1\",\"type\":\"reasoning\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"Hmmm\"}]}}",
                "{\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"id\":\"m1\",\"type\":\"message\",\"content\":[]}}",
                "{\"type\":\"response.content_part.added\",\"item_id\":\"m1\",\"output_index\":1,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\"}}",
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"m1\",\"output_index\":1,\"content_index\":1,\"delta\":\"Hel\"}",
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"m1\",\"output_index\":1,\"content_index\":2,\"delta\":\"lo\"}",
                "{\"type\":\"response.output_text.done\",\"item_id\":\"m1\",\"output_index\":1,\"content_index\":3,\"text\":\"Hello\"}",
                "{\"type\":\"response.content_part.done\",\"item_id\":\"m1\",\"output_index\":1,\"content_index\":4,\"part\":{\"type\":\"output_text\",\"text\":\"Hello\"}}",
                "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"id\":\"m1\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}}",
                COMPLETED));

        assertThat(answer.content())
                .containsExactly(
                        new Content.Reasoning("Hmmm", Map.of("id", "r1", "type", "reasoning_text")),
                        new Content.Text("Hello", Map.of("id", "m1")));
    }

    @Test
    void aPartStandsAtItsPlaceInTheWholeItemWhateverItsIndex() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"m1\",\"type\":\"message\",\"content\":[]}}",
                "{\"type\":\"response.content_part.added\",\"item_id\":\"m1\",\"output_index\":0,\"content_index\":1,\"part\":{\"type\":\"output_text\",\"text\":\"\"}}",
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"m1\",\"output_index\":0,\"content_index\":1,\"delta\":\"Hello\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"m1\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"},{\"type\":\"output_text\",\"text\":\"Bye\",\"annotations\":[1]}]}}",
                COMPLETED));

        assertThat(answer.content())
                .containsExactly(
                        new Content.Text("Hello", Map.of("id", "m1")),
                        new Content.Text("Bye", Map.of("id", "m1", "annotations", List.of(1L))));
    }

    @Test
    void takesTheItemsFromTheResponseWhereNoneWereTold() {
        DecodedAnswer answer = decode(
                events(
                        CREATED,
                        "{\"type\":\"response.completed\",\"response\":{\"output\":[{\"type\":\"message\",\"id\":\"msg_1\",\"content\":[{\"type\":\"output_text\",\"text\":\"All at once\"}]}]}}"));

        assertThat(answer.text()).isEqualTo("All at once");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void waitsForTheNameOfACallWhoseStartWasLost() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,\"item_id\":\"fc_1\",\"delta\":\"{\\\"a\\\":1\"}",
                "{\"type\":\"response.function_call_arguments.done\",\"output_index\":0,\"item_id\":\"fc_1\",\"arguments\":\"{\\\"a\\\":1}\"}",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}",
                COMPLETED));

        assertThat(answer.toolCall().name()).isEqualTo("f");
        assertThat(answer.toolCall().arguments()).isEqualTo("{\"a\":1}");
    }

    @Test
    void marksACallThatWasCut() {
        DecodedAnswer answer = decode(
                events(
                        CREATED,
                        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,\"item_id\":\"fc_1\",\"delta\":\"{\\\"a\\\":\"}",
                        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"status\":\"incomplete\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}}",
                        "{\"type\":\"response.incomplete\",\"response\":{\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}}"));

        assertThat(answer.toolCall().complete()).isFalse();
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aCallIsWholeWhereTheAnswerIs() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}}",
                "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,\"delta\":\"{}\"}",
                COMPLETED));

        assertThat(answer.toolCall().complete()).isTrue();
    }

    @Test
    void anEmptyRefusalBesideATextIsNone() {
        DecodedAnswer answer = decode(events(
                CREATED,
                "{\"type\":\"response.content_part.done\",\"output_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"lost\",\"refusal\":\"\"}}",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Yes\",\"refusal\":\"\"}]}}",
                COMPLETED));

        assertThat(answer.text()).isEqualTo("Yes");
        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aFilterIsAContentFilter() {
        DecodedAnswer answer = decode(
                events(
                        CREATED,
                        "{\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"content_filter\"}}}"));

        assertThat(answer.end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void isInterruptedWithoutTheLastWord() {
        String text = WireText.text("responses/text.sse");
        DecodedAnswer answer = decode(text.substring(0, text.indexOf("event: response.completed")));

        assertThat(answer.text()).isEqualTo("Hello, wörld 👋🏽 \n");
        assertThat(answer.failure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void doneIsNotTheLastWord() {
        assertThat(decode(events(CREATED, "[DONE]")).failure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void showsEveryEventWhereAsked() {
        DecodedAnswer answer = DecodedAnswer.of(decoder(true), WireText.bytes("responses/hosted-search.sse"));

        assertThat(answer.events(Raw.class))
                .extracting(Raw::type)
                .startsWith("response.created", "response.output_item.added", "response.web_search_call.in_progress")
                .endsWith("response.completed")
                .hasSize(15);
    }

    @Test
    void aProxysErrorWithoutJsonIsTheProvidersError() {
        ChatException failure = decode(events(CREATED) + "event: error\ndata: no healthy upstream\n\n")
                .failure();

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessageContaining("no healthy upstream");
    }

    @Test
    void resumesWhereItWasCutWithoutRepeating() {
        ResponsesAnswer answer = new ResponsesAnswer("openai", List.of(), false, HEAD);
        String text = WireText.text("responses/text.sse");
        DecodedAnswer whole = decode(text);
        int cut = text.indexOf("event: response.output_text.delta", text.indexOf("wörld"));
        DecodedAnswer seen = new DecodedAnswer();
        new OpenAiResponsesStreamDecoder(HEAD, 1 << 20, answer)
                .decode(ByteBuffer.wrap(text.substring(0, cut).getBytes(StandardCharsets.UTF_8)), seen);

        answer.resume();
        new OpenAiResponsesStreamDecoder(HEAD, 1 << 20, answer)
                .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), seen);

        assertThat(answer.id()).isEqualTo("resp_1");
        assertThat(seen.events()).isEqualTo(whole.events());
    }

    @Test
    void takesEveryEventOfServersThatNumberThemAlike() {
        DecodedAnswer answer = decode(events(
                CREATED.replace("{\"type\"", "{\"sequence_number\":0,\"type\""),
                "{\"type\":\"response.output_text.delta\",\"sequence_number\":0,\"output_index\":0,\"delta\":\"a\"}",
                "{\"type\":\"response.output_text.delta\",\"sequence_number\":0,\"output_index\":0,\"delta\":\"b\"}",
                COMPLETED));

        assertThat(answer.text()).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.output_text.delta\"}",
                "{\"type\":\"response.output_text.delta\",\"delta\":null,\"output_index\":null}",
                "{\"type\":\"response.output_text.delta\",\"sequence_number\":\"7\",\"content_index\":{}}",
                "{\"type\":\"response.output_text.done\",\"output_index\":9}",
                "{\"type\":\"response.output_item.added\",\"item\":null}",
                "{\"type\":\"response.content_part.done\",\"output_index\":9,\"part\":null}",
                "{\"type\":\"response.output_text.annotation.added\",\"output_index\":9}",
                "{\"type\":\"response.created\",\"response\":null}",
                "{\"type\":\"response.in_progress\"}",
                "{\"type\":\"something.new\",\"delta\":{\"x\":1}}",
                "{\"type\":null}",
                "{}"
            })
    void survivesEventsThatHoldNothing(String data) {
        DecodedAnswer answer = decode(events(
                CREATED,
                data,
                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"x\"}",
                COMPLETED));

        assertThat(answer.text()).isEqualTo("x");
        assertThat(answer.completed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "reasoning-summary",
                "parallel-calls",
                "refusal",
                "hosted-search",
                "custom-tool",
                "rotated-ids"
            })
    void keepsTheRulesWhateverBreaks(String name) {
        String stream = WireText.text("responses/" + name + ".sse").replace("\r\n", "\n");

        BrokenStreams.decode(() -> decoder(false), stream);
    }
}
