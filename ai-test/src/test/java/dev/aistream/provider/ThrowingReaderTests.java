package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.test.Script;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;

/** A reader's own exception closes the connection and reaches the reader, or the hook for dropped errors. */
class ThrowingReaderTests extends ProviderTestKit {

    private final CompletableFuture<Throwable> dropped = new CompletableFuture<>();
    private final IllegalStateException ownFailure = new IllegalStateException("the reader's own");

    @BeforeEach
    void endlessAnswer() {
        Hooks.onErrorDropped(dropped::complete);
        server.enqueue(Script.eventStream().event("hello").event("world"));
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
    }

    @Test
    void operatorThatThrowsGetsItsOwnException() {
        StepVerifier.create(stream().map(event -> {
                    throw ownFailure;
                }))
                .expectErrorSatisfies(failure -> assertThat(failure).isSameAs(ownFailure))
                .verify(SOON);

        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void consumerThatThrowsClosesTheConnection() throws Exception {
        stream().subscribe(event -> {
            throw ownFailure;
        });

        server.takeExchange(SOON).awaitClientClosed(SOON);
        assertThat(dropped.get(5, TimeUnit.SECONDS)).hasRootCause(ownFailure);
    }

    @Test
    void rawSubscriberThatThrowsClosesTheConnection() throws Exception {
        stream().subscribe(new ThrowingSubscriber());

        server.takeExchange(SOON).awaitClientClosed(SOON);
        assertThat(dropped.get(5, TimeUnit.SECONDS)).isSameAs(ownFailure);
    }

    private final class ThrowingSubscriber implements Subscriber<ChatEvent> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ChatEvent event) {
            throw ownFailure;
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError("no signal after the reader threw", failure);
        }

        @Override
        public void onComplete() {
            throw new AssertionError("no signal after the reader threw");
        }
    }
}
