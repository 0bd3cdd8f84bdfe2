package dev.aistream.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Message;
import dev.aistream.chat.TestMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class SimulatedChatModelTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final SimulatedOptions AT_ONCE = SimulatedOptions.DEFAULT.withTokenInterval(Duration.ZERO);

    private final SimulatedChatModel model = new SimulatedChatModel(AT_ONCE);

    @Test
    void saysWhatItIsAndWhatWasAsked() {
        List<ChatEvent> events = complete(model.stream(ChatRequest.of("What is \"SSE\"?")));

        assertThat(text(events)).contains("simulated", "What is \"SSE\"?");
        ResponseStart start = (ResponseStart) events.get(0);
        assertThat(start.provider()).isEqualTo("simulated");
        assertThat(start.model()).isEqualTo("simulated");
        assertThat(start.head().requestId()).isEqualTo("simulated-1");
        assertThat(events.stream().filter(TextDelta.class::isInstance)).hasSizeGreaterThan(20);
        assertThat(((ResponseEnd) events.get(events.size() - 1)).usage()).isNotNull();
    }

    @Test
    void openAiModeHasEverythingThatOpenAisWireHas() {
        List<ChatEvent> events = complete(model.stream(request(TestMode.OPENAI)));

        ResponseEnd end = (ResponseEnd) events.get(events.size() - 1);
        assertThat(end.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(end.metadata().get("system_fingerprint")).isEqualTo("fp_simulated");
    }

    @Test
    void multiLineModeSpreadsEventsOverLines() {
        List<ChatEvent> events = complete(model.stream(request(TestMode.MULTI_LINE)));

        assertThat(text(events)).contains("\n1. ", "```java\n", "Hi");
        String wire = String.join(
                "",
                SimulatedAnswer.events(
                        TestMode.MULTI_LINE, "id", "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8)));
        assertThat(wire.lines().filter(line -> line.startsWith("data: "))).hasSizeGreaterThan(200);
    }

    @Test
    void errorModeFailsAfterAFewFragments() {
        List<ChatEvent> events = new ArrayList<>();

        StepVerifier.create(model.stream(request(TestMode.ERROR)).doOnNext(events::add))
                .thenConsumeWhile(event -> true)
                .expectErrorSatisfies(thrown -> {
                    ChatException failure = (ChatException) thrown;
                    assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
                    assertThat(failure.code()).isEqualTo("simulated_error");
                    assertThat(failure.phase()).isEqualTo(ChatException.Phase.AFTER_FIRST_TOKEN);
                })
                .verify(LIMIT);
        assertThat(text(events)).isEqualTo("This simulated answer will break off");
    }

    @ParameterizedTest
    @EnumSource(TestMode.class)
    void theModeOfTheOptionsIsTheDefault(TestMode mode) {
        SimulatedChatModel other = new SimulatedChatModel(AT_ONCE.withMode(mode));

        assertThat(outcome(other.stream(ChatRequest.of("Hi")))).isEqualTo(outcome(model.stream(request(mode))));
    }

    @Test
    void partsOfAMessageAreRead() {
        ChatRequest request = ChatRequest.builder()
                .messages(
                        Message.user("first"),
                        Message.assistant("answer"),
                        Message.user(new Content.Text("sec"), new Content.Text("ond")))
                .build();

        assertThat(text(complete(model.stream(request)))).contains("\u201csecond\u201d");
    }

    @Test
    void longQuestionsAreShortened() {
        assertThat(text(complete(model.stream(ChatRequest.of("é".repeat(10_000))))))
                .hasSizeLessThan(1000);
    }

    @Test
    void tokensComeAtTheirPace() {
        SimulatedChatModel paced = new SimulatedChatModel(SimulatedOptions.DEFAULT);

        StepVerifier.withVirtualTime(() -> paced.stream(ChatRequest.of("Hi")).ofType(TextDelta.class))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(29))
                .thenAwait(Duration.ofMillis(1))
                .expectNextCount(1)
                .expectNoEvent(Duration.ofMillis(29))
                .thenAwait(Duration.ofMillis(1))
                .expectNextCount(1)
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void nothingIsMadeThatNobodyAskedFor() {
        AtomicLong seen = new AtomicLong();

        StepVerifier.create(model.stream(ChatRequest.of("Hi")).doOnNext(event -> seen.incrementAndGet()), 2)
                .expectNextCount(2)
                .thenCancel()
                .verify(LIMIT);

        assertThat(seen).hasValue(2);
    }

    private static ChatRequest request(TestMode mode) {
        return ChatRequest.builder().prompt("Hi").testMode(mode).build();
    }

    private static String outcome(Flux<ChatEvent> stream) {
        List<String> events = new ArrayList<>();
        try {
            stream.doOnNext(event -> events.add(
                            event instanceof TextDelta delta
                                    ? delta.text()
                                    : event.getClass().getSimpleName()))
                    .blockLast(LIMIT);
        } catch (ChatException failure) {
            events.add(failure.kind().name());
        }
        return String.join("|", events);
    }

    private static List<ChatEvent> complete(Flux<ChatEvent> stream) {
        List<ChatEvent> events = new ArrayList<>();
        StepVerifier.create(stream.doOnNext(events::add))
                .thenConsumeWhile(event -> true)
                .expectComplete()
                .verify(LIMIT);
        return events;
    }

    private static String text(List<ChatEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event instanceof TextDelta delta ? delta.text() : ""));
        return text.toString();
    }
}
