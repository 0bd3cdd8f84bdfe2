package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.saying;
import static dev.aistream.Answers.unfinished;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ChatCallListenerTests {

    private final Recorder recorder = new Recorder();

    @Test
    void isToldOfEveryStep() {
        AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(new TestModel("first", Flux.error(Answers.refused())))
                .model(new TestModel("second", saying("Hello")))
                .fallback("second/large")
                .listener(recorder)
                .build();
        template.stream("Hello").text().blockLast(SOON);

        assertThat(recorder.news)
                .containsExactly(
                        "started 1 first null",
                        "failed 1 HTTP_STATUS",
                        "started 2 second large",
                        "first token 2",
                        "ended 2 STOP 5 tokens, 2 attempts");
        assertThat(recorder.callIds).hasSize(1);
    }

    @Test
    void isToldOfAFailureOnceForTheAttemptAndOnceForTheCall() {
        template(TestModel.of(Flux.error(Answers.refused()))).stream("Hello")
                .text()
                .subscribe(text -> {}, failure -> {});

        assertThat(recorder.news)
                .containsExactly(
                        "started 1 test null", "failed 1 HTTP_STATUS", "ended 1 HTTP_STATUS BEFORE_FIRST_TOKEN");
    }

    @Test
    void isToldOfACancel() {
        StepVerifier.create(template(TestModel.of(unfinished("Hello"))).stream("Hello")
                        .text())
                .expectNext("Hello")
                .thenCancel()
                .verify(SOON);

        assertThat(recorder.news)
                .containsExactly("started 1 test null", "first token 1", "ended 1 CANCELLED AFTER_FIRST_TOKEN");
    }

    @Test
    void seesNoAnswer() {
        template(TestModel.of(Flux.fromIterable(Answers.beginning("Hel")))).stream("Hello")
                .text()
                .subscribe(text -> {}, failure -> {});

        assertThat(recorder.failures).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
            assertThat(failure.partial()).isNull();
        });
    }

    @Test
    void listenerThatThrowsAnErrorHarmsNothing() {
        AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(TestModel.of(saying("Hello")))
                .listener(new ChatCallListener() {
                    @Override
                    public void firstToken(Attempt attempt, Duration elapsed) {
                        throw new AssertionError("mine");
                    }

                    @Override
                    public void ended(Attempt attempt, Outcome outcome) {
                        throw new NoClassDefFoundError("mine");
                    }
                })
                .build();
        ChatStream answer = template.stream("Hello");

        StepVerifier.create(answer.text()).expectNext("Hello").expectComplete().verify(SOON);
        assertThat(answer.response().block(SOON).text()).isEqualTo("Hello");
        StepVerifier.create(template.shutdown(SOON)).expectComplete().verify(SOON);
    }

    @Test
    void listenerThatThrowsHarmsNothing() {
        AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(TestModel.of(saying("Hello")))
                .listener(new ChatCallListener() {
                    @Override
                    public void attemptStarted(Attempt attempt) {
                        throw new IllegalStateException("mine");
                    }

                    @Override
                    public void firstToken(Attempt attempt, Duration elapsed) {
                        throw new IllegalStateException("mine");
                    }
                })
                .listener(recorder)
                .build();

        StepVerifier.create(template.stream("Hello").text())
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
        assertThat(recorder.news).hasSize(3);
    }

    private AiStreamingTemplate template(TestModel model) {
        return AiStreamingTemplate.builder().model(model).listener(recorder).build();
    }

    private static final class Recorder implements ChatCallListener {

        private final List<String> news = new ArrayList<>();
        private final List<ChatException> failures = new ArrayList<>();
        private final Set<Long> callIds = new HashSet<>();

        @Override
        public void attemptStarted(Attempt attempt) {
            callIds.add(attempt.callId());
            news.add("started " + attempt.number() + " " + attempt.provider() + " " + attempt.model());
        }

        @Override
        public void attemptFailed(Attempt attempt, ChatException failure) {
            failures.add(failure);
            news.add("failed " + attempt.number() + " " + failure.kind());
        }

        @Override
        public void firstToken(Attempt attempt, Duration elapsed) {
            news.add("first token " + attempt.number());
        }

        @Override
        public void ended(Attempt attempt, Outcome outcome) {
            callIds.add(attempt.callId());
            ChatException failure = outcome.failure();
            if (failure == null) {
                news.add("ended " + attempt.number() + " " + outcome.finishReason() + " "
                        + outcome.usage().totalTokens() + " tokens, "
                        + outcome.attempts().size() + " attempts");
            } else {
                failures.add(failure);
                news.add("ended " + attempt.number() + " " + failure.kind() + " " + failure.phase());
            }
        }
    }
}
