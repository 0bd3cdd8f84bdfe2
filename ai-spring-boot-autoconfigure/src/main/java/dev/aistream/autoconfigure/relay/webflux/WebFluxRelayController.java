package dev.aistream.autoconfigure.relay.webflux;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.RelayGate;
import dev.aistream.autoconfigure.relay.RelayProblems;
import dev.aistream.autoconfigure.relay.RelayRequestException;
import dev.aistream.autoconfigure.relay.RelayRequests;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The endpoint that browsers ask, on the reactive stack. */
@RestController
@RequestMapping("${ai.relay.path:/stream}")
final class WebFluxRelayController {

    private final AiStreamingTemplate template;
    private final StreamRelay streamRelay;
    private final WebFluxStreamRelay relay;
    private final RelayRequests requests;
    private final RelayGate gate;

    WebFluxRelayController(
            AiStreamingTemplate template,
            StreamRelay streamRelay,
            WebFluxStreamRelay relay,
            RelayRequests requests,
            RelayGate gate) {
        this.template = template;
        this.streamRelay = streamRelay;
        this.relay = relay;
        this.requests = requests;
        this.gate = gate;
    }

    /** For {@code EventSource}. One that reconnects is told to stop: its answer would be generated again. */
    @GetMapping
    Mono<Void> get(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            response.setStatusCode(HttpStatus.METHOD_NOT_ALLOWED);
            response.getHeaders().setAllow(Set.of(HttpMethod.GET, HttpMethod.POST));
            return response.setComplete();
        }
        requests.requireSameSite(request.getHeaders(), allowedByCors(response));
        requests.requireNoOtherOrigin(request.getHeaders(), allowedByCors(response));
        requests.requireEventStream(request.getHeaders());
        if (request.getHeaders().containsHeader("Last-Event-ID")) {
            response.setStatusCode(HttpStatus.NO_CONTENT);
            return response.setComplete();
        }
        return relay(
                exchange,
                RelayHead.AT_ONCE,
                user -> Mono.just(requests.fromQuery(request.getQueryParams().asSingleValueMap(), user)));
    }

    /** For {@code fetch}. */
    @PostMapping
    Mono<Void> post(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        requests.requireSameSite(request.getHeaders(), allowedByCors(exchange.getResponse()));
        requests.requireJson(request.getHeaders());
        return relay(
                exchange,
                RelayHead.AWAITS_FIRST_EVENT,
                user -> read(request).map(body -> requests.fromJson(body, user)));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RelayRequestException refused) {
        return RelayProblems.of(refused);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(ChatException failure) {
        return RelayProblems.of(failure, streamRelay.retry());
    }

    private Mono<Void> relay(
            ServerWebExchange exchange, RelayHead head, Function<@Nullable String, Mono<ChatRequest>> question) {
        return exchange.getPrincipal()
                .map(principal -> Optional.of(principal.getName()))
                .defaultIfEmpty(Optional.empty())
                .flatMap(user -> question.apply(user.orElse(null))
                        .flatMap(request -> write(exchange.getResponse(), request, head, user.orElse(null))));
    }

    private Mono<Void> write(ServerHttpResponse response, ChatRequest question, RelayHead head, @Nullable String user) {
        return Mono.using(
                () -> gate.enter(user),
                entered -> relay.writeTo(response, template.stream(question), head),
                Runnable::run);
    }

    private Mono<byte[]> read(ServerHttpRequest request) {
        return DataBufferUtils.join(request.getBody(), requests.maxRequestBytes())
                .map(WebFluxRelayController::takeBytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, tooLong -> requests.tooLarge());
    }

    private static byte[] takeBytes(DataBuffer body) {
        try {
            byte[] bytes = new byte[body.readableByteCount()];
            body.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(body);
        }
    }

    private static boolean allowedByCors(ServerHttpResponse response) {
        return response.getHeaders().getAccessControlAllowOrigin() != null;
    }
}
