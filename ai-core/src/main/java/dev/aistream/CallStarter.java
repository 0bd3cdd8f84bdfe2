package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/** Makes a call out of a request and a reader. */
final class CallStarter {

    private final ModelRouter router;
    private final CallSettings settings;

    CallStarter(ModelRouter router, CallSettings settings) {
        this.router = router;
        this.settings = settings;
    }

    /** A stream that calls when it is first subscribed to. */
    ChatStream stream(ChatRequest request) {
        Outcome outcome = new Outcome();
        return new ChatStream(outcome, reader -> start(request, reader, outcome));
    }

    /** Calls on the first subscription, and emits the stream when the answer has begun. */
    Mono<ChatStream> open(ChatRequest request) {
        AtomicBoolean claimed = new AtomicBoolean();
        return Mono.create(opened -> {
            if (claimed.compareAndSet(false, true)) {
                open(request, opened);
            } else {
                opened.error(ChatStream.claimed());
            }
        });
    }

    private void open(ChatRequest request, MonoSink<ChatStream> opened) {
        Outcome outcome = new Outcome();
        Call call;
        try {
            call = newCall(request, new OpenedCall(outcome, opened), outcome);
        } catch (ChatException e) {
            opened.error(e);
            return;
        }
        call.start();
    }

    private void start(ChatRequest request, CoreSubscriber<? super ChatEvent> reader, Outcome outcome) {
        Call call;
        try {
            call = newCall(request, reader, outcome);
        } catch (ChatException e) {
            outcome.fail(e);
            Operators.error(reader, e);
            return;
        }
        call.start();
    }

    private Call newCall(ChatRequest request, CoreSubscriber<? super ChatEvent> reader, Outcome outcome) {
        return new Call(request, router.route(request), reader, outcome, settings);
    }
}
