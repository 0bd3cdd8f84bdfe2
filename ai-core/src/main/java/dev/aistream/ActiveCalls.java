package dev.aistream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The calls that are open, so that a shutdown can end them. */
final class ActiveCalls {

    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    /** Made by the first shutdown. */
    private volatile Sinks.@Nullable Empty<Void> idle;

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
            Mono<Void> allEnded = refuse();
            Mono<Void> end = Mono.defer(() -> end(allEnded));
            return grace.isZero() ? end : allEnded.timeout(grace, end);
        });
    }

    void close() {
        end(refuse());
    }

    /**
     * New calls only; the open ones go on.
     * @return completes when none is open
     */
    private synchronized Mono<Void> refuse() {
        Sinks.Empty<Void> allEnded = idle;
        if (allEnded == null) {
            allEnded = Sinks.empty();
            idle = allEnded;
        }
        refusing = true;
        signalIfIdle();
        return allEnded.asMono();
    }

    private Mono<Void> end(Mono<Void> allEnded) {
        open.forEach(call -> call.fail(CallFailures.shutdown()));
        return allEnded;
    }

    private void signalIfIdle() {
        Sinks.Empty<Void> allEnded = idle;
        if (refusing && allEnded != null && open.isEmpty()) {
            allEnded.tryEmitEmpty();
        }
    }

    /** Ends a shutdown that still waits, so that it does not end what begins now. */
    synchronized void restart() {
        Sinks.Empty<Void> waiting = idle;
        if (waiting != null) {
            waiting.tryEmitEmpty();
        }
        idle = null;
        refusing = false;
    }
}
