package dev.aistream.autoconfigure.relay.webmvc;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * An emitter that asks the model once Spring MVC has taken it from the controller, never before, and never for an {@code
 * EventSource} that reconnects: it is told to stop.
 *
 * <p>It writes to the response by itself, and leaves to Spring what is around it: headers, callbacks, completion.
 */
final class RelayEmitter extends SseEmitter {

    private final Flux<String> blocks;
    private final ListenerlessResponses listenerless;
    private final Scheduler threads;

    RelayEmitter(Flux<String> blocks, Duration timeout, ListenerlessResponses listenerless, Scheduler threads) {
        super(timeout.toMillis());
        this.blocks = blocks;
        this.listenerless = listenerless;
        this.threads = threads;
    }

    /** Begins when the request's thread is through with the emitter: only then is the response asynchronous. */
    @Override
    protected void extendResponse(ServerHttpResponse response) {
        ServletRequestAttributes request = (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
        if (isReconnect(request.getRequest())) {
            response.setStatusCode(HttpStatus.NO_CONTENT);
            complete();
            return;
        }
        super.extendResponse(response);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        response.getHeaders().set("X-Accel-Buffering", "no");
        BrowserWriter writer = new BrowserWriter(
                this,
                new BrowserStream((ServletServerHttpResponse) response, listenerless),
                threads,
                writesMayWait(request.getRequest().getProtocol()));
        onTimeout(writer::browserHasLeft);
        onError(failure -> writer.browserHasLeft());
        onCompletion(writer::browserHasLeft);
        request.registerDestructionCallback(
                RelayEmitter.class.getName(), () -> writer.begin(blocks), RequestAttributes.SCOPE_REQUEST);
    }

    /** Of an {@code EventSource}, which only gets. */
    private static boolean isReconnect(HttpServletRequest request) {
        return HttpMethod.GET.matches(request.getMethod()) && request.getHeader("Last-Event-ID") != null;
    }

    /** Tomcat's HTTP/2 waits for a connection that is stuck, whatever it says of the stream. */
    private static boolean writesMayWait(String protocol) {
        return !protocol.startsWith("HTTP/1.");
    }

    @Override
    public void send(SseEventBuilder builder) {
        throw notWritable();
    }

    @Override
    public void send(Set<DataWithMediaType> items) {
        throw notWritable();
    }

    private static UnsupportedOperationException notWritable() {
        return new UnsupportedOperationException(
                "The relay writes this emitter by itself; change the answer's events to send something else");
    }
}
