package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The subscribers of a response: as many as like, and the call is theirs to cancel where nobody streams. */
final class ResponseReader {

    private final Outcome outcome;
    private final AtomicInteger subscribers = new AtomicInteger();
    private volatile @Nullable Drain drain;

    ResponseReader(Outcome outcome) {
        this.outcome = outcome;
    }

    /** One subscriber more, before it may claim the call. */
    void retain() {
        subscribers.incrementAndGet();
    }

    /** Runs when the subscriber is off the outcome already, so that the failure of a cancel does not meet it. */
    private void release(SignalType how) {
        Drain drain = this.drain;
        if (subscribers.decrementAndGet() == 0 && how == SignalType.CANCEL && drain != null) {
            drain.cancel();
        }
    }

    /** The reader that is none: asks for everything and keeps nothing, for the call itself folds what passes. */
    Drain drain(ContextView context) {
        outcome.drained();
        Drain drain = new Drain(Context.of(context));
        this.drain = drain;
        return drain;
    }

    Mono<ChatResponse> asMono() {
        return outcome.asMono().doFinally(this::release);
    }

    /** Pulls an answer through. */
    static final class Drain extends BaseSubscriber<ChatEvent> {

        private final Context context;

        private Drain(Context context) {
            this.context = context;
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        protected void hookOnNext(ChatEvent event) {}

        @Override
        protected void hookOnError(Throwable failure) {}
    }
}
