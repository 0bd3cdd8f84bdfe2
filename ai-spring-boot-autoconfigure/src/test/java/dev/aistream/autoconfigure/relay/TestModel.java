package dev.aistream.autoconfigure.relay;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A provider that answers as a test says. */
final class TestModel implements ChatModel {

    static final ChatEvent START = new ChatEvent.ResponseStart("r1", "test-1", "test", List.of(), null);
    static final ChatEvent END = new ChatEvent.ResponseEnd(FinishReason.STOP, "stop", null, Map.of());

    private volatile Scene scene = new Scene(request -> answer("hello"));

    static ChatEvent text(String text) {
        return new ChatEvent.TextDelta("0", text);
    }

    static Flux<ChatEvent> answer(String... fragments) {
        return Flux.concat(Flux.just(START), Flux.fromArray(fragments).map(TestModel::text), Flux.just(END));
    }

    /** What every call from now on is answered; forgets those before. */
    void answers(Function<ChatRequest, Flux<ChatEvent>> script) {
        scene = new Scene(script);
    }

    void answers(Flux<ChatEvent> next) {
        answers(request -> next);
    }

    int calls() {
        return scene.requests.size();
    }

    @Nullable
    ChatRequest lastRequest() {
        return scene.requests.peek();
    }

    boolean wasCancelledWithin(long seconds) throws InterruptedException {
        return scene.cancelled.tryAcquire(seconds, TimeUnit.SECONDS);
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        Scene current = scene;
        return Flux.defer(() -> {
                    current.requests.add(request);
                    return current.script.apply(request);
                })
                .doOnCancel(current.cancelled::release);
    }

    private record Scene(
            Function<ChatRequest, Flux<ChatEvent>> script, Queue<ChatRequest> requests, Semaphore cancelled) {

        Scene(Function<ChatRequest, Flux<ChatEvent>> script) {
            this(script, new ConcurrentLinkedQueue<>(), new Semaphore(0));
        }
    }
}
