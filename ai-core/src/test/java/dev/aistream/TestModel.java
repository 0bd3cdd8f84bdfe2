package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A model that plays prepared attempts, the last one again and again, and counts what is done to it. */
final class TestModel implements ChatModel {

    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger cancellations = new AtomicInteger();
    final AtomicLong requested = new AtomicLong();
    private final String name;
    private final Queue<Publisher<ChatEvent>> attempts;

    @SafeVarargs
    @SuppressWarnings("varargs")
    TestModel(String name, Publisher<ChatEvent>... attempts) {
        this.name = name;
        this.attempts = new ArrayDeque<>(List.of(attempts));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static TestModel of(Publisher<ChatEvent>... attempts) {
        return new TestModel("test", attempts);
    }

    int calls() {
        return requests.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return Flux.defer(() -> Flux.from(next(request)))
                .doOnRequest(n -> requested.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b))
                .doOnCancel(cancellations::incrementAndGet);
    }

    private synchronized Publisher<ChatEvent> next(ChatRequest request) {
        requests.add(request);
        Publisher<ChatEvent> attempt = attempts.element();
        if (attempts.size() > 1) {
            attempts.remove();
        }
        return attempt;
    }
}
