package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerWriterTests {

    private static final ResponseEnd END = new ResponseEnd(FinishReason.STOP, "stop", null, Map.of());

    private final Recorder out = new Recorder();
    private final AnswerWriter writer = new AnswerWriter("openai", List.of("w"), null);

    @Test
    void startsWithTheFirstOutput() {
        writer.id("id-1");
        writer.model("m");
        writer.id("");
        writer.model(null);
        writer.text("", out);
        assertThat(out.events).isEmpty();

        writer.text("a", out);

        assertThat(out.events)
                .containsExactly(
                        new ResponseStart("id-1", "m", "openai", List.of("w"), null),
                        new TextStart("text-0"),
                        new TextDelta("text-0", "a"));
    }

    @Test
    void aFragmentOfTheOtherKindEndsTheBlock() {
        writer.reasoning("r", out);
        writer.text("", out);
        writer.text("t", out);
        writer.reasoning("s", out);
        writer.end(END, out);

        assertThat(out.events.subList(1, out.events.size()))
                .containsExactly(
                        new ReasoningStart("reasoning-0"),
                        new ReasoningDelta("reasoning-0", "r"),
                        new ReasoningEnd("reasoning-0", Map.of()),
                        new TextStart("text-0"),
                        new TextDelta("text-0", "t"),
                        new TextEnd("text-0", Map.of()),
                        new ReasoningStart("reasoning-1"),
                        new ReasoningDelta("reasoning-1", "s"),
                        new ReasoningEnd("reasoning-1", Map.of()),
                        END);
        assertThat(out.completed).isTrue();
    }

    @Test
    void joinsACutSurrogatePair() {
        writer.text("a\ud83d", out);
        writer.text("\ude00b", out);

        assertThat(out.events.subList(2, out.events.size()))
                .containsExactly(new TextDelta("text-0", "a"), new TextDelta("text-0", "\ud83d\ude00b"));
    }

    @Test
    void aLoneSurrogateIsNotLost() {
        writer.text("\ud83d", out);
        writer.end(END, out);

        assertThat(out.events.subList(1, out.events.size()))
                .containsExactly(
                        new TextStart("text-0"),
                        new TextDelta("text-0", "\ud83d"),
                        new TextEnd("text-0", Map.of()),
                        END);
    }

    @Test
    void rawEventsWaitForTheStart() {
        Raw role = new Raw("", "{}");
        writer.raw(role, out);
        assertThat(out.events).isEmpty();

        writer.output(new Refusal("no"), out);

        assertThat(out.events.get(0)).isInstanceOf(ResponseStart.class);
        assertThat(out.events.subList(1, 3)).containsExactly(role, new Refusal("no"));
    }

    @Test
    void endlessRawEventsAreNotHeldBackForGood() {
        Raw raw = new Raw("", "x".repeat(1000));
        for (int i = 0; i < 100; i++) {
            writer.raw(raw, out);
        }

        assertThat(out.events).hasSize(101);
    }

    @Test
    void anEmptyAnswerStartsAndEnds() {
        writer.end(END, out);

        assertThat(out.events).containsExactly(new ResponseStart("", "", "openai", List.of("w"), null), END);
    }

    private static final class Recorder implements ChatEventSink {

        private final List<ChatEvent> events = new ArrayList<>();
        private boolean completed;

        @Override
        public void next(ChatEvent event) {
            events.add(event);
        }

        @Override
        public void complete() {
            completed = true;
        }
    }
}
