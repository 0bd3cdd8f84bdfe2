package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.beginning;
import static dev.aistream.Answers.busy;
import static dev.aistream.Answers.refused;
import static dev.aistream.Answers.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RetryTests {

    private static final Duration LONGEST_FIRST_PAUSE = Duration.ofMillis(4500);
    private static final Duration LONGEST_SECOND_PAUSE = Duration.ofSeconds(9);

    @Test
    void retriesUnseenWhileNothingWasEmitted() {
        TestModel model = TestModel.of(Flux.error(busy()), Flux.error(busy()), saying("Hello"));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).text())
                .thenAwait(LONGEST_FIRST_PAUSE.plus(LONGEST_SECOND_PAUSE))
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void pauseIsAtLeastHalfTheIntervalAndDoubles() {
        TestModel model = TestModel.of(Flux.error(busy()), Flux.error(busy()), saying("Hello"));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).response())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(1499))
                .then(() -> assertThat(model.calls()).isOne())
                .thenAwait(LONGEST_FIRST_PAUSE.plus(LONGEST_SECOND_PAUSE))
                .assertNext(response -> {
                    assertThat(response.attempts().get(1).delay())
                            .isBetween(Duration.ofMillis(1500), LONGEST_FIRST_PAUSE);
                    assertThat(response.attempts().get(2).delay())
                            .isBetween(Duration.ofMillis(3000), LONGEST_SECOND_PAUSE);
                })
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void givesUpAfterTheLastRetryWithEveryAttempt() {
        TestModel model = TestModel.of(Flux.error(busy()));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).text())
                .thenAwait(Duration.ofMinutes(1))
                .expectErrorSatisfies(failure((ChatException e) -> {
                    assertThat(e.kind()).isEqualTo(Kind.HTTP_STATUS);
                    assertThat(e.status()).isEqualTo(503);
                    assertThat(e.phase()).isEqualTo(Phase.BEFORE_FIRST_TOKEN);
                    assertThat(e).hasMessage("The provider is busy; gave up after 3 attempts");
                    assertThat(e.partial().attempts())
                            .hasSize(3)
                            .allSatisfy(attempt -> assertThat(attempt.failure()).hasMessage("The provider is busy"));
                }))
                .verify(SOON);
        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void attemptsAreInTheResponse() {
        TestModel model = TestModel.of(Flux.error(busy()), saying("Hello"));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).response())
                .thenAwait(LONGEST_FIRST_PAUSE)
                .assertNext(response -> {
                    assertThat(response.attempts()).hasSize(2);
                    assertThat(response.attempts().get(0).failure().status()).isEqualTo(503);
                    assertThat(response.attempts().get(0).delay()).isZero();
                    assertThat(response.attempts().get(1).failure()).isNull();
                    assertThat(response.attempts().get(1).delay())
                            .isBetween(Duration.ofMillis(1500), LONGEST_FIRST_PAUSE);
                })
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void doesNotRetryWhatIsNotRetryable() {
        TestModel model = TestModel.of(Flux.error(refused()));

        StepVerifier.create(stream(model, CallPolicy.DEFAULT).text())
                .expectErrorSatisfies(failure(e -> assertThat(e).hasMessage("The key is not valid")))
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void doesNotRetryOnceOutputHasBeenDeliveredAndSaysSo() {
        TestModel model = TestModel.of(Flux.fromIterable(beginning("Hel")).concatWith(Mono.error(busy())));

        StepVerifier.create(stream(model, CallPolicy.DEFAULT).text())
                .expectNext("Hel")
                .expectErrorSatisfies(failure(e -> {
                    assertThat(e)
                            .hasMessage(
                                    "The provider is busy; output had already been delivered, so it was not retried");
                    assertThat(e.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
                    assertThat(e.partial().text()).isEqualTo("Hel");
                    assertThat(e.partial().finishReason()).isNull();
                    assertThat(e.partial().attempts())
                            .singleElement()
                            .satisfies(attempt -> assertThat(attempt.failure()).isNotNull());
                }))
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void startOfAnAnswerCountsAsOutput() {
        TestModel model = TestModel.of(Flux.just(Answers.start()).concatWith(Mono.error(busy())));

        StepVerifier.create(stream(model, CallPolicy.DEFAULT).events())
                .expectNextCount(1)
                .expectErrorSatisfies(failure(e -> assertThat(e.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN)))
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void waitsAsLongAsTheProviderAsks() {
        TestModel model = TestModel.of(Flux.error(askingToWait(Duration.ofSeconds(42))), saying("Hello"));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).text())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(41_999))
                .thenAwait(Duration.ofMillis(1))
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void failsAtOnceWhereTheProviderAsksToWaitTooLong() {
        TestModel model = TestModel.of(Flux.error(askingToWait(Duration.ofSeconds(61))));

        StepVerifier.create(stream(model, CallPolicy.DEFAULT).text())
                .expectErrorSatisfies(failure(e -> {
                    assertThat(e)
                            .hasMessage("Too many requests; it asks to wait for longer than the 60 s allowed,"
                                    + " so it was not retried");
                    assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(61));
                }))
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void retryIntervalOfTheRequestWins() {
        TestModel model = TestModel.of(Flux.error(busy()), saying("Hello"));
        ChatRequest request = ChatRequest.builder()
                .prompt("Say hello")
                .retryInterval(Duration.ofMillis(10))
                .build();

        StepVerifier.withVirtualTime(() ->
                        template(CallPolicy.DEFAULT, model).stream(request).text())
                .thenAwait(Duration.ofMillis(15))
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void demandBeforeTheAnswerReachesTheAttemptThatSucceeds() {
        TestModel model = TestModel.of(Flux.error(busy()), saying("a", "b", "c"));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).events(), 2)
                .thenRequest(1)
                .thenAwait(LONGEST_FIRST_PAUSE)
                .expectNextCount(3)
                .expectNoEvent(Duration.ofSeconds(1))
                .thenRequest(10)
                .expectNextCount(4)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void cancelDuringThePauseEndsTheCall() {
        TestModel model = TestModel.of(Flux.error(busy()), saying("Hello"));

        StepVerifier.withVirtualTime(() -> stream(model, CallPolicy.DEFAULT).text())
                .thenAwait(Duration.ofSeconds(1))
                .thenCancel()
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void fallsBackWhenTheFirstModelIsExhausted() {
        TestModel first = new TestModel("first", Flux.error(busy()));
        TestModel second = new TestModel("second", saying("Hello"));
        AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(first, CallPolicy.DEFAULT.withMaxRetries(1))
                .model(second)
                .fallback("second/large")
                .build();

        StepVerifier.withVirtualTime(() -> template.generate("Say hello"))
                .thenAwait(LONGEST_FIRST_PAUSE)
                .assertNext(response -> {
                    assertThat(response.text()).isEqualTo("Hello");
                    assertThat(response.attempts())
                            .extracting(ChatResponse.Attempt::provider)
                            .containsExactly("first", "first", "second");
                    assertThat(response.attempts().get(2).model()).isEqualTo("large");
                })
                .expectComplete()
                .verify(SOON);
        assertThat(second.requests.get(0).model()).isEqualTo("large");
        assertThat(second.requests.get(0).provider()).isEqualTo("second");
    }

    @Test
    void fallsBackAtOnceWhereTheProviderRefuses() {
        TestModel first = new TestModel("first", Flux.error(refused()));
        TestModel second = new TestModel("second", saying("Hello"));
        AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(first)
                .model(second)
                .fallback("second/")
                .build();

        StepVerifier.create(template.stream("Say hello").text())
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
        assertThat(second.requests.get(0).model()).isNull();
    }

    @Test
    void fallsBackWhereTheProviderAsksToWaitTooLong() {
        TestModel first = new TestModel("first", Flux.error(askingToWait(Duration.ofHours(1))));
        TestModel second = new TestModel("second", saying("Hello"));

        StepVerifier.create(withFallback(first, second).stream("Say hello").text())
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void doesNotFallBackWhereTheRequestIsAtFault() {
        ChatException invalid =
                ChatException.builder(Kind.INVALID_REQUEST, "No images, please").build();
        TestModel first = new TestModel("first", Flux.error(invalid));
        TestModel second = new TestModel("second", saying("Hello"));

        StepVerifier.create(withFallback(first, second).stream("Say hello").text())
                .expectErrorSatisfies(failure(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST)))
                .verify(SOON);
        assertThat(second.calls()).isZero();
    }

    @Test
    void doesNotFallBackOnceOutputHasBeenDelivered() {
        TestModel first =
                new TestModel("first", Flux.fromIterable(beginning("Hel")).concatWith(Mono.error(refused())));
        TestModel second = new TestModel("second", saying("Hello"));

        StepVerifier.create(withFallback(first, second).stream("Say hello").text())
                .expectNext("Hel")
                .expectError(ChatException.class)
                .verify(SOON);
        assertThat(second.calls()).isZero();
    }

    @Test
    void headersOfTheRequestAreNotSentToAnotherProvider() {
        TestModel first = new TestModel("first", Flux.error(refused()));
        TestModel second = new TestModel("second", saying("Hello"));
        ChatRequest request = ChatRequest.builder()
                .prompt("Say hello")
                .header("authorization", "Bearer secret")
                .build();

        withFallback(first, second).generate(request).block(SOON);

        assertThat(first.requests.get(0).headers()).containsKey("authorization");
        assertThat(second.requests.get(0).headers()).isEmpty();
    }

    @Test
    void totalTimeoutCoversAttemptsAndPauses() {
        TestModel model = TestModel.of(Flux.error(busy()), Flux.never());
        CallPolicy policy = CallPolicy.DEFAULT.withTotalTimeout(Duration.ofSeconds(20));

        StepVerifier.withVirtualTime(() -> stream(model, policy).text())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(19_999))
                .thenAwait(Duration.ofMillis(1))
                .expectErrorSatisfies(failure(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.TOTAL_TIMEOUT);
                    assertThat(e.partial().attempts()).hasSize(2);
                }))
                .verify(SOON);
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void totalTimeoutStandsWhileTheReaderAsksForNothing() {
        TestModel model = TestModel.of(Answers.unfinished("a", "b"));
        CallPolicy policy = CallPolicy.DEFAULT.withTotalTimeout(Duration.ofSeconds(20));

        StepVerifier.withVirtualTime(() -> stream(model, policy).events(), 3)
                .expectNextCount(3)
                .thenAwait(Duration.ofHours(1))
                .thenRequest(1)
                .expectNextCount(1)
                .thenAwait(Duration.ofHours(1))
                .thenRequest(1)
                .expectNoEvent(Duration.ofMillis(19_999))
                .thenAwait(Duration.ofMillis(1))
                .expectErrorSatisfies(failure(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.TOTAL_TIMEOUT);
                    assertThat(e.partial().text()).isEqualTo("ab");
                }))
                .verify(SOON);
    }

    private static ChatException askingToWait(Duration retryAfter) {
        return ChatException.builder(Kind.HTTP_STATUS, "Too many requests.")
                .status(429)
                .retryable(true)
                .retryAfter(retryAfter)
                .build();
    }

    private static Consumer<Throwable> failure(Consumer<ChatException> assertions) {
        return thrown -> assertions.accept((ChatException) thrown);
    }

    private static AiStreamingTemplate withFallback(TestModel first, TestModel second) {
        return AiStreamingTemplate.builder()
                .model(first)
                .model(second)
                .fallback(second.name() + "/")
                .build();
    }

    private static ChatStream stream(TestModel model, CallPolicy policy) {
        return template(policy, model).stream("Say hello");
    }

    private static AiStreamingTemplate template(CallPolicy policy, TestModel model) {
        return AiStreamingTemplate.builder().model(model, policy).build();
    }
}
