package dev.aistream.autoconfigure.relay.webmvc;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;

/** An emitter that asks the model once Spring MVC has taken it from the controller, never before. */
final class RelayEmitter extends SseEmitter {

    private final Flux<String> blocks;
    private final BrowserWriter writer;

    RelayEmitter(Flux<String> blocks, Duration timeout, Executor threads) {
        super(timeout.toMillis());
        this.blocks = blocks;
        this.writer = new BrowserWriter(this, threads);
        onTimeout(writer::containerTimedOut);
        onError(failure -> writer.browserHasLeft());
        onCompletion(writer::browserHasLeft);
    }

    /**
     * Begins when the request's thread is through with the emitter. What is sent earlier is collected without a
     * bound, and then written on that thread.
     */
    @Override
    protected void extendResponse(ServerHttpResponse response) {
        super.extendResponse(response);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        response.getHeaders().set("X-Accel-Buffering", "no");
        RequestContextHolder.currentRequestAttributes()
                .registerDestructionCallback(
                        RelayEmitter.class.getName(), () -> blocks.subscribe(writer), RequestAttributes.SCOPE_REQUEST);
    }
}
