package dev.aistream.provider.simulated;

import dev.aistream.chat.TestMode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers each request with the events of a {@link SimulatedAnswer}, one buffer each, at their pace. */
final class SimulatedConnector implements ClientHttpConnector {

    static final String MODE_HEADER = "x-simulated-mode";

    private final Duration tokenInterval;
    private final AtomicLong answers = new AtomicLong();

    SimulatedConnector(Duration tokenInterval) {
        this.tokenInterval = tokenInterval;
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        return Mono.defer(() -> {
            SimulatedRequest request = new SimulatedRequest(method, uri);
            return requestCallback.apply(request).then(Mono.fromSupplier(() -> respond(request)));
        });
    }

    private ClientHttpResponse respond(SimulatedRequest request) {
        String header = request.getHeaders().getFirst(MODE_HEADER);
        TestMode mode = header == null ? TestMode.BASIC : TestMode.valueOf(header.toUpperCase(Locale.ROOT));
        String id = "simulated-" + answers.incrementAndGet();
        return new Response(id, play(SimulatedAnswer.events(mode, id, request.body())));
    }

    /** Each event is made a buffer when it is asked for, so that none is left over when the reader leaves. */
    private Flux<DataBuffer> play(List<String> events) {
        Flux<String> paced = tokenInterval.isZero()
                ? Flux.fromIterable(events)
                : Flux.fromIterable(events).delayElements(tokenInterval);
        return paced.map(event -> DefaultDataBufferFactory.sharedInstance.wrap(event.getBytes(StandardCharsets.UTF_8)));
    }

    private record Response(String id, Flux<DataBuffer> body) implements ClientHttpResponse {

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatus.OK;
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            headers.setContentType(MediaType.TEXT_EVENT_STREAM);
            headers.set("x-request-id", id);
            return headers;
        }

        @Override
        public MultiValueMap<String, ResponseCookie> getCookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return body;
        }
    }
}
