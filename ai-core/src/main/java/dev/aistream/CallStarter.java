package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import java.util.List;
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
        start(request, new OpenedCall(outcome, opened), outcome);
    }

    private void start(ChatRequest request, CoreSubscriber<? super ChatEvent> reader, Outcome outcome) {
        List<Candidate> candidates;
        try {
            candidates = router.route(request);
        } catch (ChatException e) {
            outcome.fail(e);
            Operators.error(reader, e);
            return;
        }
        new Call(request, candidates, reader, outcome, settings).start();
    }
}
