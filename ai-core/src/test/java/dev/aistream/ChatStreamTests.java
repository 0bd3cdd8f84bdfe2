package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.saying;
import static dev.aistream.Answers.unfinished;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class ChatStreamTests {

    @Test
    void textIsEveryFragmentInOrder() {
        StepVerifier.create(stream(TestModel.of(saying("Hel", "lo ", "🌍"))).text())
                .expectNext("Hel", "lo ", "🌍")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void eventsBeginWithStartAndEndWithEnd() {
        List<ChatEvent> events =
                stream(TestModel.of(saying("Hello"))).events().collectList().block(SOON);

        assertThat(events).hasSize(5);
        assertThat(events.get(0)).isInstanceOf(ChatEvent.ResponseStart.class);
        assertThat(events.get(4)).isInstanceOf(ChatEvent.ResponseEnd.class);
    }

    @Test
    void nothingIsSentBeforeTheFirstSubscription() {
        TestModel model = TestModel.of(saying("Hello"));
        ChatStream stream = stream(model);
        stream.text();
        stream.events();
        stream.toStream().close();
        stream.response();

        assertThat(model.calls()).isZero();
    }

    @Test
    void secondReaderFailsAndSendsNothing() {
        TestModel model = TestModel.of(saying("Hello"));
        ChatStream stream = stream(model);
        StepVerifier.create(stream.text()).expectNext("Hello").expectComplete().verify(SOON);

        StepVerifier.create(stream.text())
                .expectError(IllegalStateException.class)
                .verify(SOON);
        StepVerifier.create(stream.events())
                .expectError(IllegalStateException.class)
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void secondReaderDoesNotDisturbTheFirst() {
        TestPublisher<ChatEvent> provider = TestPublisher.create();
        ChatStream stream = stream(TestModel.of(provider));

        StepVerifier.create(stream.text())
                .then(() -> stream.events().subscribe(event -> {}, failure -> {}))
                .then(() -> saying("Hello").subscribe(provider::next))
                .expectNext("Hello")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void retryOnAViewFailsAndSendsNothing() {
        TestModel model = TestModel.of(Flux.error(Answers.refused()));

        StepVerifier.create(stream(model).text().retry(3))
                .expectError(IllegalStateException.class)
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void readersOfOneAnswerCanBePublished() {
        TestModel model = TestModel.of(saying("Hel", "lo"));
        Flux<ChatEvent> shared = stream(model).events().publish().autoConnect(2);
        List<ChatEvent> one = new ArrayList<>();
        List<ChatEvent> other = new ArrayList<>();
        shared.subscribe(one::add);
        shared.subscribe(other::add);

        assertThat(one).hasSize(6).isEqualTo(other);
        assertThat(model.calls()).isOne();
    }

    @Test
    void responseWithoutReaderMakesTheCallAndFoldsIt() {
        TestModel model = TestModel.of(saying("Hel", "lo"));
        Mono<ChatResponse> response = stream(model).response();

        ChatResponse first = response.block(SOON);
        ChatResponse second = response.block(SOON);

        assertThat(first.text()).isEqualTo("Hello");
        assertThat(second).isSameAs(first);
        assertThat(model.calls()).isOne();
    }

    @Test
    void readerAfterResponseFails() {
        TestModel model = TestModel.of(saying("Hello"));
        ChatStream stream = stream(model);
        stream.response().block(SOON);

        StepVerifier.create(stream.text())
                .expectError(IllegalStateException.class)
                .verify(SOON);
        assertThat(model.calls()).isOne();
    }

    @Test
    void responseFoldsWhatTheReaderPullsAndAddsNoDemand() {
        TestPublisher<ChatEvent> provider = TestPublisher.create();
        TestModel model = TestModel.of(provider);
        ChatStream stream = stream(model);
        AtomicReference<ChatResponse> response = new AtomicReference<>();

        StepVerifier.create(stream.events(), 1)
                .then(() -> stream.response().subscribe(response::set))
                .then(() -> assertThat(model.requested).hasValue(1))
                .then(() -> provider.next(Answers.start()))
                .expectNextCount(1)
                .thenRequest(3)
                .then(() -> assertThat(model.requested).hasValue(4))
                .then(() -> provider.next(Answers.text("Hel"), Answers.text("lo"), Answers.end()))
                .expectNextCount(3)
                .expectComplete()
                .verify(SOON);
        assertThat(response.get().text()).isEqualTo("Hello");
    }

    @Test
    void lateResponseHasTheOutcome() {
        ChatStream stream = stream(TestModel.of(saying("Hello")));
        stream.text().blockLast(SOON);

        assertThat(stream.response().block(SOON).text()).isEqualTo("Hello");
    }

    @Test
    void responseIsThereWhenTheReaderCompletes() {
        ChatStream stream = stream(TestModel.of(saying("Hel", "lo")));

        StepVerifier.create(stream.text().then(stream.response()))
                .assertNext(response -> assertThat(response.text()).isEqualTo("Hello"))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void lateResponseHasTheFailure() {
        ChatStream stream = stream(TestModel.of(Flux.error(Answers.refused())));
        StepVerifier.create(stream.text()).expectError(ChatException.class).verify(SOON);

        StepVerifier.create(stream.response())
                .expectErrorSatisfies(failure ->
                        assertThat(((ChatException) failure).status()).isEqualTo(401))
                .verify(SOON);
    }

    @Test
    void cancelledReaderCancelsTheCallAndTheResponseSaysSo() {
        TestModel model = TestModel.of(unfinished("Hel", "lo"));
        ChatStream stream = stream(model);

        StepVerifier.create(stream.text()).expectNext("Hel", "lo").thenCancel().verify(SOON);

        assertThat(model.cancellations).hasValue(1);
        StepVerifier.create(stream.response())
                .expectErrorSatisfies(failure -> {
                    ChatException cancelled = (ChatException) failure;
                    assertThat(cancelled.kind()).isEqualTo(Kind.CANCELLED);
                    assertThat(cancelled.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
                    assertThat(cancelled.partial().text()).isEqualTo("Hello");
                })
                .verify(SOON);
    }

    @Test
    void cancelledSubscriberOfTheResponseLeavesTheReaderAlone() {
        TestModel model = TestModel.of(unfinished("Hello"));
        ChatStream stream = stream(model);
        Disposable reader = stream.text().subscribe();
        stream.response().subscribe().dispose();

        assertThat(model.cancellations).hasValue(0);
        reader.dispose();
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void lastSubscriberOfADrainingResponseCancelsTheCall() {
        TestModel model = TestModel.of(unfinished("Hello"));
        ChatStream stream = stream(model);
        Disposable first = stream.response().subscribe();
        Disposable second = stream.response().subscribe();

        first.dispose();
        assertThat(model.cancellations).hasValue(0);
        second.dispose();
        assertThat(model.cancellations).hasValue(1);
        StepVerifier.create(stream.response())
                .expectErrorSatisfies(
                        failure -> assertThat(((ChatException) failure).kind()).isEqualTo(Kind.CANCELLED))
                .verify(SOON);
    }

    @Test
    void cancelBeforeAnyDemandClosesTheCall() {
        TestModel model = TestModel.of(unfinished("Hello"));
        BaseSubscriber<String> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        };
        stream(model).text().subscribe(reader);
        reader.cancel();
        reader.cancel();

        assertThat(model.calls()).isOne();
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void cancelWhileSubscribingSendsNothing() {
        TestModel model = TestModel.of(saying("Hello"));
        stream(model).events().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });

        assertThat(model.calls()).isZero();
    }

    @Test
    void demandPassesStraightThrough() {
        TestModel model = TestModel.of(saying("a", "b", "c"));

        StepVerifier.create(stream(model).events(), 0)
                .then(() -> assertThat(model.requested).hasValue(0))
                .thenRequest(2)
                .expectNextCount(2)
                .then(() -> assertThat(model.requested).hasValue(2))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(model.requested).hasValue(3))
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void textAsksForAnotherEventInPlaceOfOneWithoutText() {
        TestModel model = TestModel.of(saying("a", "b", "c"));

        StepVerifier.create(stream(model).text(), 1)
                .expectNext("a")
                .then(() -> assertThat(model.requested).hasValue(3))
                .thenRequest(1)
                .expectNext("b")
                .thenRequest(1)
                .expectNext("c")
                .thenRequest(1)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void operatorThatThrowsClosesTheCall() {
        TestModel model = TestModel.of(unfinished("Hello"));
        ChatStream stream = stream(model);

        StepVerifier.create(stream.text().map(text -> {
                    throw new UnsupportedOperationException("mine");
                }))
                .expectErrorMessage("mine")
                .verify(SOON);
        assertThat(model.cancellations).hasValue(1);
        StepVerifier.create(stream.response()).expectError(ChatException.class).verify(SOON);
    }

    @Test
    void rawSubscriberThatThrowsClosesTheCallAndIsNotCalledAgain() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            TestModel model = TestModel.of(saying("a", "b"));
            ThrowingSubscriber reader = new ThrowingSubscriber();
            ChatStream stream = stream(model);
            stream.events().subscribe(reader);

            assertThat(reader.signals).containsExactly("onSubscribe", "onNext");
            assertThat(dropped)
                    .singleElement()
                    .satisfies(thrown -> assertThat(thrown).hasMessage("mine"));
            assertThat(model.cancellations).hasValue(1);
            StepVerifier.create(stream.response())
                    .expectErrorSatisfies(failure -> {
                        assertThat(((ChatException) failure).kind()).isEqualTo(Kind.CANCELLED);
                        assertThat(failure).hasRootCauseMessage("mine");
                    })
                    .verify(SOON);
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void contextOfTheReaderReachesTheModel() {
        Flux<ChatEvent> provider = Flux.deferContextual(context -> saying(context.<String>get("tenant")));

        StepVerifier.create(
                        stream(TestModel.of(provider)).text().contextWrite(context -> context.put("tenant", "acme")))
                .expectNext("acme")
                .expectComplete()
                .verify(SOON);
        StepVerifier.create(stream(TestModel.of(provider))
                        .response()
                        .map(ChatResponse::text)
                        .contextWrite(context -> context.put("tenant", "acme")))
                .expectNext("acme")
                .expectComplete()
                .verify(SOON);
    }

    private static ChatStream stream(TestModel model) {
        return AiStreamingTemplate.builder().model(model).build().stream("Say hello");
    }

    private static final class ThrowingSubscriber implements CoreSubscriber<ChatEvent> {

        private final List<String> signals = new ArrayList<>();

        @Override
        public void onSubscribe(Subscription subscription) {
            signals.add("onSubscribe");
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ChatEvent event) {
            signals.add("onNext");
            throw new IllegalArgumentException("mine");
        }

        @Override
        public void onError(Throwable failure) {
            signals.add("onError");
        }

        @Override
        public void onComplete() {
            signals.add("onComplete");
        }
    }
}
