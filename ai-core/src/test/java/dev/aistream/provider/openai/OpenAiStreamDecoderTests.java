package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiStreamDecoderTests {

    @Test
    void decodesTheDocumentedSequence() {
        Decoded decoded = Decoded.stream("text.sse");

        assertThat(decoded.text()).isEqualTo("Hello  wörld\n\n👩‍💻 ok \"q\" \\ é");
        assertThat(decoded.events().subList(0, 3))
                .containsExactly(
                        new ResponseStart("chatcmpl-1", "gpt-4o-mini-2024-07-18", "openai", List.of(), Decoded.HEAD),
                        new TextStart("text-0"),
                        new TextDelta("text-0", "Hel"));
        assertThat(decoded.events().get(decoded.events().size() - 2)).isEqualTo(new TextEnd("text-0", Map.of()));
        ResponseEnd end = decoded.end();
        assertThat(end.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(end.rawFinishReason()).isEqualTo("stop");
        assertThat(end.usage())
                .isEqualTo(new Usage(
                        9L,
                        3L,
                        12L,
                        4L,
                        null,
                        1L,
                        Map.of(
                                "prompt_tokens", 9L,
                                "completion_tokens", 3L,
                                "total_tokens", 12L,
                                "prompt_tokens_details", Map.of("cached_tokens", 4L),
                                "completion_tokens_details", Map.of("reasoning_tokens", 1L))));
        assertThat(decoded.completed()).isTrue();
    }

    @Test
    void metadataHoldLastValuesAndNoPadding() {
        assertThat(Decoded.stream("text.sse").end().metadata())
                .isEqualTo(Map.of(
                        "object", "chat.completion.chunk",
                        "created", 1700000000L,
                        "service_tier", "default",
                        "system_fingerprint", "fp_2"));
    }

    @Test
    void reasoningComesBeforeTextOfTheSameDelta() {
        Decoded decoded = Decoded.stream("reasoning-content.sse");

        assertThat(decoded.events().subList(1, decoded.events().size() - 1))
                .containsExactly(
                        new ReasoningStart("reasoning-0"),
                        new ReasoningDelta("reasoning-0", "Let "),
                        new ReasoningDelta("reasoning-0", "me think"),
                        new ReasoningDelta("reasoning-0", "."),
                        new ReasoningEnd("reasoning-0", Map.of()),
                        new TextStart("text-0"),
                        new TextDelta("text-0", "4"),
                        new TextDelta("text-0", "2"),
                        new TextEnd("text-0", Map.of()));
        assertThat(decoded.end().usage())
                .extracting(Usage::inputTokens, Usage::outputTokens, Usage::cachedInputTokens, Usage::reasoningTokens)
                .containsExactly(5L, 6L, 3L, 4L);
    }

    @Test
    void reasoningContentWinsOverReasoningThatRepeatsIt() {
        Decoded decoded = Decoded.stream("reasoning-both-fields.sse");

        assertThat(decoded.reasoning()).isEqualTo("this that!");
        assertThat(decoded.text()).isEqualTo("ok");
    }

    @Test
    void reasoningDetailsAreJoinedToBeSentBack() {
        Decoded decoded = Decoded.stream("reasoning-details.sse");

        assertThat(decoded.reasoning()).isEqualTo("Thinking");
        List<Map<String, Object>> details = List.of(
                Map.of(
                        "type", "reasoning.text",
                        "text", "Thinking",
                        "format", "anthropic-claude-v1",
                        "index", 0L,
                        "signature", "c2ln"),
                Map.of("type", "reasoning.encrypted", "data", "ZW5j", "index", 1L));
        assertThat(decoded.end().metadata().get("reasoning_details")).isEqualTo(details);
        assertThat(decoded.end().metadata().get("native_finish_reason")).isEqualTo("end_turn");
        NativeContent kept = decoded.each(NativeContent.class).get(0);
        assertThat(kept.content().provider()).isEqualTo("openai");
        assertThat(kept.content().value()).isEqualTo(Map.of("type", "reasoning_details", "reasoning_details", details));
    }

    @Test
    void sealedReasoningOfTwoItemsStaysApart() {
        String detail = "{\"type\":\"reasoning.encrypted\",\"data\":\"%s\",\"id\":\"%s\",\"index\":0}";
        String summary = "{\"type\":\"reasoning.summary\",\"summary\":\"%s\",\"id\":\"%s\",\"index\":0}";
        String details = String.join(
                ",",
                summary.formatted("Hm", "rs_1"),
                summary.formatted("m", "rs_1"),
                summary.formatted("Oh", "rs_2"),
                detail.formatted("AAAA", "rs_1"),
                detail.formatted("BBBB", "rs_2"));

        assertThat(Decoded.of("data: {\"choices\":[{\"delta\":{\"reasoning_details\":[" + details
                                + "]},\"finish_reason\":\"stop\"}]}\n\n")
                        .end()
                        .metadata()
                        .get("reasoning_details"))
                .isEqualTo(List.of(
                        Map.of("type", "reasoning.summary", "summary", "Hmm", "id", "rs_1", "index", 0L),
                        Map.of("type", "reasoning.summary", "summary", "Oh", "id", "rs_2", "index", 0L),
                        Map.of("type", "reasoning.encrypted", "data", "AAAA", "id", "rs_1", "index", 0L),
                        Map.of("type", "reasoning.encrypted", "data", "BBBB", "id", "rs_2", "index", 0L)));
    }

    @Test
    void contentMayBeAListOfParts() {
        Decoded decoded = Decoded.stream("content-parts.sse");

        assertThat(decoded.reasoning()).isEqualTo("Hm, so");
        assertThat(decoded.text()).isEqualTo("It is 42");
        assertThat(decoded.each(Raw.class))
                .containsExactly(new Raw("reference", "{\"type\":\"reference\",\"reference_ids\":[1,2]}"));
        assertThat(decoded.end().metadata()).doesNotContainKey("p");
    }

    @Test
    void everyPieceOfAudioIsThere() {
        Decoded decoded = Decoded.of("""
                data: {"choices":[{"delta":{"audio":{"id":"audio_1","transcript":"Hel"}}}]}

                data: {"choices":[{"delta":{"audio":{"data":"UklG"}}}]}

                data: {"choices":[{"delta":{"audio":{"data":"UklG"}}}]}

                data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                data: [DONE]

                """);

        assertThat(decoded.each(Raw.class))
                .containsExactly(
                        new Raw("audio", "{\"id\":\"audio_1\",\"transcript\":\"Hel\"}"),
                        new Raw("audio", "{\"data\":\"UklG\"}"),
                        new Raw("audio", "{\"data\":\"UklG\"}"));
    }

    @Test
    void usageAndCitationsOfEveryChunkReplaceEachOther() {
        Decoded decoded = Decoded.stream("usage-on-every-chunk.sse");

        assertThat(decoded.text()).isEqualTo("1 2");
        assertThat(decoded.end().usage().raw())
                .isEqualTo(Map.of(
                        "prompt_tokens", 8L,
                        "completion_tokens", 2L,
                        "total_tokens", 10L,
                        "cost", Map.of("total_cost", 0.005)));
        assertThat(decoded.end().metadata().get("citations"))
                .isEqualTo(List.of("https://a.example", "https://b.example"));
        assertThat(decoded.end().metadata().get("object")).isEqualTo("chat.completion.done");
    }

    @Test
    void usageMayHideInGroqsOwnField() {
        assertThat(Decoded.stream("usage-x-groq.sse").end().usage())
                .extracting(Usage::inputTokens, Usage::outputTokens, Usage::totalTokens, Usage::cachedInputTokens)
                .containsExactly(3L, 1L, 4L, null);
    }

    @Test
    void usageMayStandInTheChoice() {
        Decoded decoded = Decoded.of("""
                data: {"choices":[{"index":0,"delta":{},"finish_reason":"eos",\
                "usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}]}

                """);

        assertThat(decoded.end().usage().totalTokens()).isEqualTo(4L);
        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void reasoningThatIsCountedBesideTheCompletionIsOutputToo() {
        assertThat(Decoded.stream("usage-xai.sse").end().usage())
                .extracting(Usage::inputTokens, Usage::outputTokens, Usage::totalTokens, Usage::reasoningTokens)
                .containsExactly(10L, 9L, 19L, 7L);
    }

    @Test
    void theFinishReasonDoesNotEndTheStream() {
        Decoded decoded = Decoded.stream("content-after-finish.sse");

        assertThat(decoded.text()).isEqualTo("One two");
        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void silenceMayEndTheAnswerOnlyAfterAFinishReason() {
        OpenAiStreamDecoder decoder = Decoded.decoder(false);
        assertThat(decoder.completable()).isFalse();
        Decoded.cut(decoder, Decoded.resource("interrupted.sse"), 10_000);
        assertThat(decoder.completable()).isFalse();

        decoder = Decoded.decoder(false);
        Decoded.feed(decoder, Decoded.resource("no-done.sse"));
        assertThat(decoder.completable()).isTrue();
    }

    @Test
    void azuresFirstChunkNamesNeitherIdNorModel() {
        Decoded decoded = Decoded.stream("azure-first-chunk.sse");

        assertThat(decoded.each(ResponseStart.class))
                .containsExactly(
                        new ResponseStart("chatcmpl-1", "gpt-4o-mini-2024-07-18", "openai", List.of(), Decoded.HEAD));
        assertThat(decoded.end().metadata().get("prompt_filter_results")).isNotNull();
        assertThat(decoded.end().metadata().get("content_filter_results"))
                .isEqualTo(Map.of("hate", Map.of("filtered", false, "severity", "safe")));
    }

    @Test
    void onlyTheFirstChoiceCounts() {
        assertThat(Decoded.stream("choices-interleaved.sse").text()).isEqualTo("ABC");
        assertThat(Decoded.stream("choices-interleaved.sse").end().rawFinishReason())
                .isEqualTo("stop");

        Decoded oneChunk = Decoded.stream("choices-one-chunk.sse");
        assertThat(oneChunk.text()).isEqualTo("AB");
        assertThat(oneChunk.end().rawFinishReason()).isEqualTo("stop");
        assertThat(oneChunk.end().metadata()).doesNotContainKey("seed");
    }

    @Test
    void fieldsMayStandInAnyOrder() {
        Decoded decoded = Decoded.stream("fields-in-any-order.sse");

        assertThat(decoded.text()).isEqualTo("Hi");
        assertThat(decoded.each(ResponseStart.class).get(0).id()).isEqualTo("late-id");
        assertThat(decoded.end().metadata()).containsKey("zzz").doesNotContainKey("error");
    }

    @Test
    void unknownEventsPassThroughAsRaw() {
        Decoded decoded = Decoded.stream("unknown-events.sse");

        assertThat(decoded.text()).isEqualTo("Hi");
        assertThat(decoded.events().get(0)).isInstanceOf(ResponseStart.class);
        assertThat(decoded.each(Raw.class))
                .containsExactly(
                        new Raw("ping", "{\"type\":\"ping\"}"),
                        new Raw("status", "warming up"),
                        new Raw("", "{\"type\":\"heartbeat\"}"));
        assertThat(decoded.end().metadata()).doesNotContainKey("type");
    }

    @Test
    void aWholeMessageInPlaceOfADeltaIsRead() {
        Decoded decoded = Decoded.stream("message-without-delta.sse");

        assertThat(decoded.reasoning()).isEqualTo("Hm");
        assertThat(decoded.text()).isEqualTo("Whole");
        assertThat(decoded.toolCalls()).hasSize(1);
        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void logprobsAndAnnotationsAreJoined() {
        Map<String, ?> logprobs = Decoded.stream("logprobs.sse").end().metadata();
        assertThat(logprobs.get("logprobs"))
                .isEqualTo(Map.of(
                        "content",
                        List.of(
                                Map.of(
                                        "token",
                                        "Hi",
                                        "logprob",
                                        -0.5,
                                        "bytes",
                                        List.of(72L, 105L),
                                        "top_logprobs",
                                        List.of()),
                                Map.of(
                                        "token",
                                        "!",
                                        "logprob",
                                        -0.1,
                                        "bytes",
                                        List.of(33L),
                                        "top_logprobs",
                                        List.of()))));

        assertThat(Decoded.stream("annotations.sse").end().metadata().get("annotations"))
                .isEqualTo(List.of(
                        Map.of("type", "url_citation", "url_citation", Map.of("url", "https://a.example")),
                        Map.of("type", "url_citation", "url_citation", Map.of("url", "https://b.example"))));
    }

    @Test
    void metadataAreBounded() {
        String elements = "[\"" + "x".repeat(100_000) + "\"]";
        String chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"a\",\"annotations\":" + elements + "}}]}\n\n";
        Decoded decoded = Decoded.of(chunk.repeat(60) + "data: [DONE]\n\n");

        assertThat(decoded.text()).isEqualTo("a".repeat(60));
        assertThat((List<?>) decoded.end().metadata().get("annotations")).hasSizeBetween(30, 45);
        assertThat(decoded.end().metadata().get(MetadataCollector.OMITTED)).isEqualTo(List.of("annotations"));
    }

    @Test
    void namesOfMetadataAreBounded() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            body.append("data: {\"choices\":[],\"f").append(i).append("\":1}\n\n");
        }
        Map<String, ?> metadata =
                Decoded.of(body.append("data: [DONE]\n\n").toString()).end().metadata();

        assertThat(metadata).hasSize(257);
        assertThat(metadata.get(MetadataCollector.OMITTED)).isEqualTo(List.of("f256"));
    }

    @Test
    void surrogatePairsAreNotCut() {
        Decoded decoded = Decoded.stream("surrogates-cut.sse");

        assertThat(decoded.each(ReasoningDelta.class)).containsExactly(new ReasoningDelta("reasoning-0", "😀"));
        assertThat(decoded.each(TextDelta.class))
                .containsExactly(new TextDelta("text-0", "a"), new TextDelta("text-0", "😀b"));
        assertThat(decoded.toolCalls().get(0).arguments()).isEqualTo("{\"t\":\"😀\"}");
        assertThat(decoded.each(ChatEvent.ToolCallDelta.class))
                .extracting(ChatEvent.ToolCallDelta::argumentsJson)
                .containsExactly("{\"t\":\"", "😀\"}");
    }

    @Test
    void doneWithoutAFinishReasonIsACompletionSignal() {
        Decoded decoded = Decoded.stream("done-without-finish.sse");

        assertThat(decoded.text()).isEqualTo("4");
        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(decoded.end().rawFinishReason()).isNull();
        assertThat(decoded.end().usage()).isNull();
        assertThat(decoded.end().metadata()).isEqualTo(Map.of("created", 0L, "object", "chat.completion.chunk"));
    }

    @Test
    void aFinishReasonAndTheEndOfTheBodyAreOneToo() {
        assertThat(Decoded.stream("no-done.sse").completed()).isTrue();
        assertThat(Decoded.stream("last-blank-line-missing.sse").completed()).isTrue();
    }

    @Test
    void nothingAfterDoneIsRead() {
        Decoded decoded = Decoded.of(new String(Decoded.resource("no-done.sse"), StandardCharsets.UTF_8)
                + "data: [DONE]\n\ndata: {broken\n\n");

        assertThat(decoded.failure()).isNull();
        assertThat(decoded.text()).isEqualTo("Hi");
    }

    @Test
    void finishReasonsAreMapped() {
        assertThat(Decoded.stream("unknown-finish-reason.sse").end())
                .extracting(ResponseEnd::finishReason, ResponseEnd::rawFinishReason)
                .containsExactly(FinishReason.OTHER, "galaxy_end");
        assertThat(Decoded.stream("finish-error.sse").end().finishReason()).isEqualTo(FinishReason.ERROR);
        assertThat(Decoded.stream("content-filter.sse").end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(Decoded.stream("function-call.sse").end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(Decoded.stream("tool-call-cut-by-length.sse").end().finishReason())
                .isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aRefusalIsMarkedAsOne() {
        Decoded decoded = Decoded.stream("refusal.sse");

        assertThat(decoded.refusal()).isEqualTo("I'm sorry, no.");
        assertThat(decoded.text()).isEmpty();
        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(decoded.end().rawFinishReason()).isEqualTo("stop");
    }

    @Test
    void includeRawShowsEachEventBeforeWhatItMeans() {
        byte[] body = Decoded.resource("no-done.sse");
        Decoded decoded = Decoded.cut(Decoded.decoder(true), body, body.length);

        assertThat(decoded.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("ResponseStart", "Raw", "TextStart", "TextDelta", "Raw", "TextEnd", "ResponseEnd");
        assertThat(decoded.each(Raw.class).get(0).json())
                .startsWith("{\"id\":\"chatcmpl-1\"")
                .contains("Hi");
    }
}
