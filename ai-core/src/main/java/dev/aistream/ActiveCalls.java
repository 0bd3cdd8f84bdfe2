package dev.aistream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The calls that are open, so that a shutdown can end them. */
final class ActiveCalls {

    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private volatile Sinks.Empty<Void> idle = Sinks.empty();
    private volatile boolean refusing;

    /** False where the call must not go on: the application shuts down. */
    boolean add(Call call) {
        open.add(call);
        return !refusing;
    }

    void remove(Call call) {
        open.remove(call);
        signalIfIdle();
    }

    Mono<Void> shutdown(Duration grace) {
        return Mono.defer(() -> {
            refuse();
            Mono<Void> end = Mono.defer(this::end);
            return grace.isZero() ? end : idle.asMono().timeout(grace, end);
        });
    }

    void close() {
        refuse();
        end();
    }

    /** New calls only; the open ones go on. */
    private void refuse() {
        refusing = true;
        signalIfIdle();
    }

    private Mono<Void> end() {
        open.forEach(call -> call.fail(CallFailures.shutdown()));
        return idle.asMono();
    }

    private void signalIfIdle() {
        if (refusing && open.isEmpty()) {
            idle.tryEmitEmpty();
        }
    }

    void restart() {
        idle = Sinks.empty();
        refusing = false;
    }
}
