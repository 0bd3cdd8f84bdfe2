package dev.aistream;

import dev.aistream.chat.ChatEvent;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The text of a stream of events. What Reactor's {@code mapNotNull} would do, but without leaving each text in a field
 * for a moment, of which G1 would have to take note on a stream that lasts: see docs/decisions/network.md.
 */
final class TextFlux extends Flux<String> {

    private final Flux<ChatEvent> events;

    private TextFlux(Flux<ChatEvent> events) {
        this.events = events;
    }

    static Flux<String> of(Flux<ChatEvent> events) {
        return onAssembly(new TextFlux(events));
    }

    @Override
    public void subscribe(CoreSubscriber<? super String> reader) {
        events.subscribe(new Texts(reader));
    }

    private static final class Texts implements CoreSubscriber<ChatEvent> {

        private final CoreSubscriber<? super String> reader;
        private @Nullable Subscription upstream;

        Texts(CoreSubscriber<? super String> reader) {
            this.reader = reader;
        }

        @Override
        public Context currentContext() {
            return reader.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                reader.onSubscribe(subscription);
            }
        }

        @Override
        public void onNext(ChatEvent event) {
            if (event instanceof ChatEvent.TextDelta delta) {
                reader.onNext(delta.text());
            } else if (upstream != null) {
                upstream.request(1);
            }
        }

        @Override
        public void onError(Throwable error) {
            reader.onError(error);
        }

        @Override
        public void onComplete() {
            reader.onComplete();
        }
    }
}
