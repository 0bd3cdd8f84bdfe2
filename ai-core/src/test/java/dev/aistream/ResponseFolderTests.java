package dev.aistream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.Content;
import dev.aistream.chat.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseFolderTests {

    private static final int MANY = 1_000_000;

    @Test
    void messageKeepsTextReasoningToolsAndNativePiecesInOrder() {
        Content.Native search = new Content.Native("test", Map.of("type", "web_search"));
        ChatResponse response = fold(
                new ReasoningStart("0"),
                new ReasoningDelta("0", "Let me "),
                new ReasoningDelta("0", "think"),
                new ReasoningEnd("0", Map.of("signature", "s1")),
                new NativeContent(search),
                new TextStart("1"),
                new TextDelta("1", "Look: "),
                new TextEnd("1", Map.of()),
                new ToolCallStart("c1", "weather"),
                new ToolCallDelta("c1", "{\"city\":"),
                new ToolCallDelta("c1", "\"Rome\"}"),
                new ToolCallEnd("c1", true, Map.of("thought", "t1")),
                new TextStart("2"),
                new TextDelta("2", "done"),
                new TextEnd("2", Map.of("citation", "c")));

        ToolCall weather = new ToolCall("c1", "weather", "{\"city\":\"Rome\"}", true, Map.of("thought", "t1"));
        assertThat(response.text()).isEqualTo("Look: done");
        assertThat(response.reasoning()).isEqualTo("Let me think");
        assertThat(response.toolCalls()).containsExactly(weather);
        assertThat(response.message().content())
                .containsExactly(
                        new Content.Reasoning("Let me think", Map.of("signature", "s1")),
                        search,
                        new Content.Text("Look: "),
                        new Content.ToolUse(weather),
                        new Content.Text("done", Map.of("citation", "c")));
    }

    @Test
    void interleavedBlocksAreJoinedEachAndTogetherAsTheyCame() {
        ChatResponse response = fold(
                new TextStart("a"),
                new TextStart("b"),
                new TextDelta("a", "1"),
                new TextDelta("b", "2"),
                new TextDelta("a", "3"),
                new TextDelta("a", "4"),
                new TextDelta("b", "5"),
                new TextEnd("a", Map.of()),
                new TextDelta("b", "6"),
                new TextEnd("b", Map.of()));

        assertThat(response.text()).isEqualTo("123456");
        assertThat(response.message().content()).containsExactly(new Content.Text("134"), new Content.Text("256"));
    }

    @Test
    void blocksOfDifferentKindsMayShareAnId() {
        ChatResponse response = fold(
                new ReasoningStart("0"),
                new TextStart("0"),
                new ReasoningDelta("0", "hm"),
                new TextDelta("0", "yes"),
                new ReasoningEnd("0", Map.of()),
                new TextEnd("0", Map.of()));

        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.text()).isEqualTo("yes");
    }

    @Test
    void parallelToolCallsMayInterleave() {
        ChatResponse response = fold(
                new ToolCallStart("c1", "one"),
                new ToolCallDelta("c1", "{"),
                new ToolCallStart("c2", "two"),
                new ToolCallDelta("c2", "["),
                new ToolCallDelta("c1", "}"),
                new ToolCallDelta("c2", "]"),
                new ToolCallEnd("c1", true, Map.of()),
                new ToolCallEnd("c2", true, Map.of()));

        assertThat(response.toolCalls())
                .containsExactly(new ToolCall("c1", "one", "{}"), new ToolCall("c2", "two", "[]"));
    }

    @Test
    void toolCallThatDidNotEndIsIncomplete() {
        ChatResponse response = fold(
                new ToolCallStart("c1", "one"),
                new ToolCallDelta("c1", "{\"a"),
                new ToolCallStart("c2", "two"),
                new ToolCallEnd("c2", false, Map.of()));

        assertThat(response.toolCalls())
                .containsExactly(
                        new ToolCall("c1", "one", "{\"a", false, Map.of()),
                        new ToolCall("c2", "two", "", false, Map.of()));
    }

    @Test
    void textWithoutAStartIsKept() {
        ChatResponse response = fold(new TextDelta("x", "Hel"), new TextDelta("x", "lo"));

        assertThat(response.text()).isEqualTo("Hello");
        assertThat(response.message().content()).containsExactly(new Content.Text("Hello"));
    }

    @Test
    void emptyBlocksAreLeftOutUnlessASignatureCounts() {
        ChatResponse response = fold(
                new TextStart("0"),
                new TextEnd("0", Map.of()),
                new ReasoningStart("1"),
                new ReasoningEnd("1", Map.of("signature", "s")));

        assertThat(response.message().content()).containsExactly(new Content.Reasoning("", Map.of("signature", "s")));
    }

    @Test
    void refusalIsKeptApartFromTextAndSentBack() {
        ChatResponse response = fold(new Refusal("I can"), new Refusal("not"));

        assertThat(response.refusal()).isEqualTo("I cannot");
        assertThat(response.text()).isEmpty();
        assertThat(response.message().content()).containsExactly(new Content.Text("I cannot"));
    }

    @Test
    void rawEventsAreKeptOnlyWhereAskedFor() {
        Raw raw = new Raw("delta", "{}");

        assertThat(response(folded(1000, true, raw)).raw().events()).containsExactly(raw);
        assertThat(response(folded(1000, false, raw)).raw().events()).isEmpty();
    }

    @Test
    void keepsTheBeginningUpToTheLimitAndNoHalfCharacter() {
        ResponseFolder folder = folded(100, false, new TextDelta("0", "🌍".repeat(60)), new TextDelta("0", "more"));

        assertThat(folder.truncated()).isTrue();
        assertThat(response(folder).truncated()).isTrue();
        assertThat(response(folder).text())
                .isEqualTo("🌍".repeat(response(folder).text().length() / 2));
        assertThat(response(folder).text().length()).isBetween(50, 100);
    }

    @Test
    void toolCallCutByTheLimitIsIncomplete() {
        ResponseFolder folder = folded(
                100,
                false,
                new ToolCallStart("c", "tool"),
                new ToolCallDelta("c", "x".repeat(200)),
                new ToolCallEnd("c", true, Map.of()));

        assertThat(response(folder).toolCalls())
                .singleElement()
                .satisfies(call -> assertThat(call.complete()).isFalse());
    }

    @Test
    void memoryIsBoundedWhateverComes() {
        ResponseFolder folder = new ResponseFolder(100_000, true);
        for (int i = 0; i < MANY; i++) {
            String id = "b" + i;
            folder.fold(new TextStart(id));
            folder.fold(new ToolCallStart(id, "tool"));
            folder.fold(new Raw("", "{}"));
            folder.fold(new NativeContent(new Content.Native("test", Map.of())));
        }

        assertThat(folder.truncated()).isTrue();
        assertThat(response(folder).message().content().size()
                        + response(folder).raw().events().size())
                .isLessThan(5000);
    }

    @Test
    void interleavingIsBoundedToo() {
        ResponseFolder folder = folded(100_000, false, new TextStart("a"), new TextStart("b"));
        for (int i = 0; i < MANY; i++) {
            folder.fold(new TextDelta(i % 2 == 0 ? "a" : "b", "x"));
        }

        assertThat(response(folder).text().length()).isLessThan(5000);
    }

    private static ChatResponse fold(ChatEvent... events) {
        return response(folded(1_000_000, false, events));
    }

    private static ResponseFolder folded(long maxKept, boolean keepRaw, ChatEvent... events) {
        ResponseFolder folder = new ResponseFolder(maxKept, keepRaw);
        for (ChatEvent event : events) {
            folder.fold(event);
        }
        return folder;
    }

    private static ChatResponse response(ResponseFolder folder) {
        return folder.response("test", null, List.of(), new ChatResponse.Timings(null, Duration.ZERO));
    }
}
