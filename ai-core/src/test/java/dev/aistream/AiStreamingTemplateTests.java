package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.saying;
import static dev.aistream.Answers.unfinished;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class AiStreamingTemplateTests {

    private final TestModel openai = new TestModel("openai", saying("from openai"));
    private final TestModel groq = new TestModel("groq", saying("from groq"));
    private final AiStreamingTemplate template =
            AiStreamingTemplate.builder().model(openai).model(groq).build();

    @Test
    void asksTheDefaultProviderForItsDefaultModel() {
        assertThat(ask(ChatRequest.of("Hello"))).isEqualTo("from openai");
        assertThat(openai.requests.get(0).provider()).isEqualTo("openai");
        assertThat(openai.requests.get(0).model()).isNull();
    }

    @Test
    void splitsTheModelAtItsFirstSlashWhereTheLeftPartIsAProvider() {
        assertThat(ask(model("groq/openai/gpt-oss-120b"))).isEqualTo("from groq");
        assertThat(groq.requests.get(0).model()).isEqualTo("openai/gpt-oss-120b");
        assertThat(groq.requests.get(0).provider()).isEqualTo("groq");
    }

    @Test
    void leavesOtherSlashesInTheModelAlone() {
        assertThat(ask(model("anthropic/claude-haiku-4.5"))).isEqualTo("from openai");
        assertThat(openai.requests.get(0).model()).isEqualTo("anthropic/claude-haiku-4.5");
    }

    @Test
    void takesModelVerbatimWhereTheRequestNamesTheProvider() {
        ChatRequest request = ChatRequest.builder()
                .provider("groq")
                .model("openai/gpt-oss-120b")
                .prompt("Hello")
                .build();

        assertThat(ask(request)).isEqualTo("from groq");
        assertThat(groq.requests.get(0).model()).isEqualTo("openai/gpt-oss-120b");
    }

    @Test
    void unknownProviderFailsThroughTheStreamAndNamesTheConfiguredOnes() {
        ChatRequest request =
                ChatRequest.builder().provider("mistral").prompt("Hello").build();
        Consumer<Throwable> unknownProvider = failure -> {
            assertThat(failure)
                    .hasMessage("No provider 'mistral' is configured; there are: openai, groq")
                    .isInstanceOfSatisfying(ChatException.class, e -> {
                        assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST);
                        assertThat(e.partial()).isNull();
                    });
        };

        ChatStream stream = template.stream(request);
        StepVerifier.create(stream.text()).expectErrorSatisfies(unknownProvider).verify(SOON);
        StepVerifier.create(stream.response())
                .expectErrorSatisfies(unknownProvider)
                .verify(SOON);
        StepVerifier.create(template.generate(request))
                .expectErrorSatisfies(unknownProvider)
                .verify(SOON);
        StepVerifier.create(template.open(request))
                .expectErrorSatisfies(unknownProvider)
                .verify(SOON);
    }

    @Test
    void rejectsABlankPromptBeforeAnyCall() {
        assertThatIllegalArgumentException().isThrownBy(() -> template.stream(" "));
        assertThat(openai.calls()).isZero();
    }

    @Test
    void namesTheDefaultProviderFirst() {
        AiStreamingTemplate other = AiStreamingTemplate.builder()
                .model(openai)
                .model(groq)
                .defaultProvider("groq")
                .build();

        assertThat(other.providers()).containsExactly("groq", "openai");
        assertThat(other.generate("Hello").map(ChatResponse::text).block(SOON)).isEqualTo("from groq");
    }

    @Test
    void customizersHaveTheLastWord() {
        AiStreamingTemplate customized = AiStreamingTemplate.builder()
                .model(openai)
                .customize(List.of(builder -> builder.model(groq), builder -> builder.defaultProvider("groq")))
                .build();

        assertThat(customized.providers()).containsExactly("groq", "openai");
    }

    @Test
    void needsAModelAndADefaultProviderThatExists() {
        assertThatIllegalStateException()
                .isThrownBy(() -> AiStreamingTemplate.builder().build())
                .withMessage("A template needs at least one ChatModel");
        assertThatIllegalStateException()
                .isThrownBy(() -> AiStreamingTemplate.builder()
                        .model(openai)
                        .defaultProvider("nobody")
                        .build())
                .withMessage("The default provider 'nobody' is not configured; there are: openai");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AiStreamingTemplate.builder().model(openai).model(openai));
    }

    @Test
    void generateMakesOneCallHoweverOftenItIsSubscribedTo() {
        var response = template.generate("Hello");

        assertThat(response.block(SOON)).isSameAs(response.block(SOON));
        assertThat(openai.calls()).isOne();
    }

    @Test
    void responseHasWhatTheProviderSaid() {
        ChatResponse response = template.generate("Hello").block(SOON);

        assertThat(response.id()).isEqualTo("r1");
        assertThat(response.model()).isEqualTo("model-1");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.rawFinishReason()).isEqualTo("stop");
        assertThat(response.usage()).isEqualTo(Answers.USAGE);
        assertThat(response.warnings()).containsExactly("topK was not sent");
        assertThat(response.providerMetadata()).isEqualTo(Map.of("fingerprint", "fp"));
        assertThat(response.truncated()).isFalse();
        assertThat(response.timings().toFirstToken()).isNotNull();
        assertThat(response.timings().elapsed())
                .isGreaterThanOrEqualTo(response.timings().toFirstToken());
    }

    @Test
    void longAnswerIsStreamedWholeAndOnlyItsResponseFails() {
        AiStreamingTemplate small = AiStreamingTemplate.builder()
                .model(TestModel.of(saying("a".repeat(90), "b".repeat(90), "c".repeat(90))))
                .maxKeptText(DataSize.ofBytes(200))
                .build();
        ChatStream stream = small.stream("Hello");

        StepVerifier.create(stream.text()).expectNextCount(3).expectComplete().verify(SOON);
        StepVerifier.create(stream.response())
                .expectErrorSatisfies(AiStreamingTemplateTests::isKeptTextLimit)
                .verify(SOON);
    }

    @Test
    void answerTooLongToKeepIsGivenUpWhereNobodyStreamsIt() {
        TestModel model = TestModel.of(unfinished("a".repeat(90), "b".repeat(90), "c".repeat(90)));
        AiStreamingTemplate small = AiStreamingTemplate.builder()
                .model(model)
                .maxKeptText(DataSize.ofBytes(200))
                .build();

        StepVerifier.create(small.generate("Hello"))
                .expectErrorSatisfies(AiStreamingTemplateTests::isKeptTextLimit)
                .verify(SOON);
        assertThat(model.cancellations).hasValue(1);
    }

    private static void isKeptTextLimit(Throwable failure) {
        ChatException limit = (ChatException) failure;
        assertThat(limit.kind()).isEqualTo(Kind.KEPT_TEXT_LIMIT);
        assertThat(limit.partial().truncated()).isTrue();
        assertThat(limit.partial().text()).startsWith("a".repeat(90)).hasSizeBetween(100, 200);
    }

    @Test
    void shutdownEndsOpenStreamsWithAFailureThatReachesEveryReader() {
        TestModel model = TestModel.of(unfinished("Hello"));
        AiStreamingTemplate closing = AiStreamingTemplate.builder().model(model).build();
        ChatStream stream = closing.stream("Hello");

        StepVerifier.create(stream.text())
                .expectNext("Hello")
                .then(closing::close)
                .expectErrorSatisfies(AiStreamingTemplateTests::isShutdown)
                .verify(SOON);
        StepVerifier.create(stream.response())
                .expectErrorSatisfies(AiStreamingTemplateTests::isShutdown)
                .verify(SOON);
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void shutdownReachesAReaderThatAsksForNothing() {
        AiStreamingTemplate closing = AiStreamingTemplate.builder()
                .model(TestModel.of(unfinished("Hello")))
                .build();

        StepVerifier.create(closing.stream("Hello").text(), 0)
                .expectSubscription()
                .then(closing::close)
                .expectErrorSatisfies(AiStreamingTemplateTests::isShutdown)
                .verify(SOON);
    }

    @Test
    void shutdownLetsOpenStreamsGoOnForAWhile() {
        TestPublisher<ChatEvent> provider = TestPublisher.create();
        AiStreamingTemplate closing =
                AiStreamingTemplate.builder().model(TestModel.of(provider)).build();
        List<String> signals = new ArrayList<>();

        StepVerifier.create(closing.stream("Hello").text())
                .then(() -> closing.shutdown(Duration.ofHours(1))
                        .subscribe(nothing -> {}, failure -> {}, () -> signals.add("idle")))
                .then(() -> saying("Hello").subscribe(provider::next))
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
        assertThat(signals).containsExactly("idle");
    }

    @Test
    void shutdownCompletesWhenNoCallIsOpen() {
        AiStreamingTemplate closing = AiStreamingTemplate.builder()
                .model(TestModel.of(unfinished("Hello")))
                .build();
        closing.stream("Hello").text().subscribe(text -> {}, failure -> {});

        StepVerifier.withVirtualTime(() -> closing.shutdown(Duration.ofSeconds(30)))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(29_999))
                .thenAwait(Duration.ofMillis(1))
                .expectComplete()
                .verify(SOON);
        StepVerifier.create(template.shutdown(Duration.ofSeconds(30)))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void restartEndsAShutdownThatStillWaits() {
        AiStreamingTemplate closing = AiStreamingTemplate.builder()
                .model(TestModel.of(unfinished("Hello")))
                .build();
        closing.stream("Hello").text().subscribe(text -> {}, failure -> {});
        List<Throwable> failures = new ArrayList<>();

        StepVerifier.withVirtualTime(() -> closing.shutdown(Duration.ofSeconds(30)))
                .expectSubscription()
                .thenAwait(Duration.ofSeconds(1))
                .then(closing::restart)
                .expectComplete()
                .verify(SOON);
        closing.stream("Hello").text().subscribe(text -> {}, failures::add);
        assertThat(failures).isEmpty();
        closing.close();
        assertThat(failures).singleElement().satisfies(AiStreamingTemplateTests::isShutdown);
    }

    @Test
    void shutdownCompletesAfterEveryReaderHasBeenTold() {
        AiStreamingTemplate closing = AiStreamingTemplate.builder()
                .model(TestModel.of(unfinished("Hello")))
                .build();
        List<String> signals = new ArrayList<>();
        closing.stream("Hello").text().subscribe(text -> {}, failure -> signals.add("told"));

        closing.shutdown(Duration.ZERO).subscribe(nothing -> {}, failure -> {}, () -> signals.add("idle"));

        assertThat(signals).containsExactly("told", "idle");
    }

    @Test
    void shutdownDoesNotWaitForCancelledStreams() {
        AiStreamingTemplate closing = AiStreamingTemplate.builder()
                .model(TestModel.of(unfinished("Hello")))
                .build();
        Disposable reader = closing.stream("Hello").text().subscribe();

        StepVerifier.create(closing.shutdown(Duration.ofHours(1)))
                .then(reader::dispose)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void refusesCallsAfterShutdownUntilRestart() {
        template.close();
        StepVerifier.create(template.generate("Hello"))
                .expectErrorSatisfies(AiStreamingTemplateTests::isShutdown)
                .verify(SOON);
        assertThat(openai.calls()).isZero();

        template.restart();
        assertThat(ask(ChatRequest.of("Hello"))).isEqualTo("from openai");
    }

    private static void isShutdown(Throwable failure) {
        assertThat(((ChatException) failure).kind()).isEqualTo(Kind.SHUTDOWN);
    }

    private String ask(ChatRequest request) {
        return template.generate(request).map(ChatResponse::text).block(SOON);
    }

    private static ChatRequest model(String model) {
        return ChatRequest.builder().model(model).prompt("Hello").build();
    }
}
