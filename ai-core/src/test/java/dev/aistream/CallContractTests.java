package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.beginning;
import static dev.aistream.Answers.end;
import static dev.aistream.Answers.saying;
import static dev.aistream.Answers.start;
import static dev.aistream.Answers.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What models that break the contract cannot do to a reader. */
class CallContractTests {

    private static final CallPolicy ONCE = CallPolicy.DEFAULT.withMaxRetries(0);

    @Test
    void completionWithoutEndIsInterrupted() {
        StepVerifier.create(stream(Flux.fromIterable(beginning("Hel"))).text())
                .expectNext("Hel")
                .expectErrorSatisfies(failure -> {
                    ChatException interrupted = (ChatException) failure;
                    assertThat(interrupted.kind()).isEqualTo(Kind.INTERRUPTED);
                    assertThat(interrupted.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
                    assertThat(interrupted.partial().text()).isEqualTo("Hel");
                })
                .verify(SOON);
    }

    @Test
    void emptyAnswerIsInterruptedAndCanBeRetried() {
        StepVerifier.create(stream(Flux.empty()).text())
                .expectErrorSatisfies(failure -> {
                    ChatException interrupted = (ChatException) failure;
                    assertThat(interrupted.kind()).isEqualTo(Kind.INTERRUPTED);
                    assertThat(interrupted.phase()).isEqualTo(Phase.BEFORE_FIRST_TOKEN);
                    assertThat(interrupted.retryable()).isTrue();
                })
                .verify(SOON);
    }

    @Test
    void foreignExceptionIsWrappedWithoutItsMessage() {
        StepVerifier.create(stream(Flux.error(new IllegalStateException("the prompt")))
                        .text())
                .expectErrorSatisfies(failure -> {
                    assertThat(((ChatException) failure).kind()).isEqualTo(Kind.PROVIDER_ERROR);
                    assertThat(failure)
                            .hasMessage("The model of provider 'test' failed with java.lang.IllegalStateException")
                            .hasRootCauseMessage("the prompt");
                    assertThat(failure.toString()).doesNotContain("the prompt");
                })
                .verify(SOON);
    }

    @Test
    void foreignExceptionsKeepTheirMeaning() {
        assertKind(Flux.error(new IOException("reset")), Kind.CONNECTION_FAILED);
        assertKind(Flux.fromIterable(beginning()).concatWith(Mono.error(new IOException("reset"))), Kind.INTERRUPTED);
        assertKind(Flux.error(new TimeoutException()), Kind.TIMEOUT);
        assertKind(Flux.fromIterable(beginning()).concatWith(Mono.error(new TimeoutException())), Kind.GAP_TIMEOUT);
        assertKind(Flux.error(new UnsupportedOperationException()), Kind.INVALID_REQUEST);
    }

    private static void assertKind(Flux<ChatEvent> provider, Kind kind) {
        StepVerifier.create(stream(provider).text())
                .expectErrorSatisfies(
                        failure -> assertThat(((ChatException) failure).kind()).isEqualTo(kind))
                .verify(SOON);
    }

    @Test
    void modelThatThrowsFailsTheStream() {
        ChatModel model = new ChatModel() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Flux<ChatEvent> stream(ChatRequest request) {
                throw new IllegalArgumentException("no such thing");
            }
        };

        StepVerifier.create(AiStreamingTemplate.builder().model(model).build().stream("Hello")
                        .text())
                .expectErrorSatisfies(
                        failure -> assertThat(((ChatException) failure).kind()).isEqualTo(Kind.INVALID_REQUEST))
                .verify(SOON);
    }

    @Test
    void whatComesAfterTheEndIsDropped() {
        TestModel model = TestModel.of(saying("Hello").concatWith(Flux.just(text("!"), end())));

        StepVerifier.create(template(model).stream("Hello").text())
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void failureAfterTheEndIsDropped() {
        StepVerifier.create(stream(saying("Hello").concatWith(Mono.error(new IOException("late"))))
                        .text())
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void answerIsCompleteAtItsEndEvenWhereTheModelGoesOnInSilence() {
        StepVerifier.create(stream(saying("Hello").concatWith(Flux.never())).text())
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void emptyFragmentsAreNothingAndCostNoDemand() {
        Flux<ChatEvent> provider = Flux.just(
                start(),
                text(""),
                new ChatEvent.ReasoningDelta("1", ""),
                new ChatEvent.ToolCallDelta("2", ""),
                text("Hello"),
                end());

        StepVerifier.create(stream(provider).events(), 3)
                .expectNextCount(2)
                .expectNextMatches(ChatEvent.ResponseEnd.class::isInstance)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void signalsAfterCancelDoNotReachTheReader() {
        TestPublisher<ChatEvent> provider =
                TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);

        StepVerifier.create(stream(provider.flux()).text())
                .then(() -> provider.next(start(), text("a")))
                .expectNext("a")
                .thenCancel()
                .verify(SOON);
        provider.next(text("b")).error(new IOException("late"));
    }

    private static ChatStream stream(Flux<ChatEvent> provider) {
        return template(TestModel.of(provider)).stream("Hello");
    }

    private static AiStreamingTemplate template(TestModel model) {
        return AiStreamingTemplate.builder().model(model, ONCE).build();
    }
}
