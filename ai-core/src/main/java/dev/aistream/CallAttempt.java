package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt. Holds what a model sends to the contract before the call sees it. A failure before the first event goes
 * to {@link Call#retry}, any other ends the call.
 */
final class CallAttempt implements CoreSubscriber<ChatEvent> {

    private final Call call;
    private final Attempts attempts;
    private final Candidate candidate;
    private @Nullable Subscription subscription;
    private boolean begun;
    private boolean ended;

    CallAttempt(Call call, Attempts attempts) {
        this.call = call;
        this.attempts = attempts;
        this.candidate = attempts.current();
    }

    void start() {
        if (call.hasEnded()) {
            return;
        }
        attempts.started();
        try {
            Objects.requireNonNull(candidate.model().stream(candidate.request()), "stream")
                    .subscribe(this);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    @Override
    public Context currentContext() {
        return call.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(this.subscription, subscription)) {
            this.subscription = subscription;
            call.upstream().attach(subscription);
        }
    }

    @Override
    public void onNext(ChatEvent event) {
        if (ended) {
            cancel();
            return;
        }
        if (isNothing(event)) {
            request();
            return;
        }
        if (!begun) {
            begin();
        }
        call.next(event);
        if (event instanceof ChatEvent.ResponseEnd) {
            ended = true;
            call.complete();
        }
    }

    private void begin() {
        begun = true;
        call.upstream().begin();
    }

    /** What other providers do not send at all: a fragment without characters. */
    private static boolean isNothing(ChatEvent event) {
        if (event instanceof ChatEvent.TextDelta delta) {
            return delta.text().isEmpty();
        }
        if (event instanceof ChatEvent.ReasoningDelta delta) {
            return delta.text().isEmpty();
        }
        return event instanceof ChatEvent.ToolCallDelta delta
                && delta.argumentsJson().isEmpty();
    }

    @Override
    public void onError(Throwable thrown) {
        if (ended) {
            return;
        }
        ended = true;
        fail(CallFailures.of(thrown, candidate.provider(), begun));
    }

    @Override
    public void onComplete() {
        if (ended) {
            return;
        }
        ended = true;
        fail(CallFailures.interrupted(candidate.provider()));
    }

    private void fail(ChatException failure) {
        if (call.hasEnded()) {
            return;
        }
        attempts.failed(failure);
        if (begun) {
            call.fail(
                    failure.retryable()
                            ? CallFailures.explained(
                                    failure, "output had already been delivered, so it was not retried")
                            : failure);
        } else {
            call.upstream().detach();
            call.retry(failure);
        }
    }

    private void request() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    private void cancel() {
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
