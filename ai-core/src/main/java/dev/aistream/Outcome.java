package dev.aistream;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatResponse;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What came of a call, kept for whoever asks, before or after. */
final class Outcome {

    private final Sinks.One<Supplier<ChatResponse>> result = Sinks.one();
    private volatile boolean drained;

    /** Nobody streams: the response is all that is wanted. */
    void drained() {
        drained = true;
    }

    boolean isDrained() {
        return drained;
    }

    /** With a response that is the same each time it is asked for. */
    void succeed(Supplier<ChatResponse> response) {
        result.tryEmitValue(response).orThrow();
    }

    void fail(ChatException failure) {
        result.tryEmitError(failure).orThrow();
    }

    Mono<ChatResponse> asMono() {
        return result.asMono().map(Supplier::get);
    }
}
