package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One call, sent through a {@link WebClient}. */
final class WebClientExchange implements Exchange {

    private final WebClient webClient;
    private final ProviderCall call;
    private final BooleanSupplier poolIsExhausted;

    WebClientExchange(WebClient webClient, ProviderCall call, BooleanSupplier poolIsExhausted) {
        this.webClient = webClient;
        this.call = call;
        this.poolIsExhausted = poolIsExhausted;
    }

    @Override
    public boolean poolIsExhausted() {
        return poolIsExhausted.getAsBoolean();
    }

    @Override
    public Flux<DataBuffer> open(Listener listener) {
        WebClient.RequestBodySpec request = webClient
                .method(HttpMethod.valueOf(call.method()))
                .uri(call.uri())
                .headers(headers -> call.headers().forEach(headers::set))
                .httpRequest(written -> listener.sending());
        byte[] body = call.body();
        if (body != null) {
            request.contentLength(body.length).body(inserter(body));
        }
        return request.exchangeToFlux(response -> receive(response, listener));
    }

    private static BodyInserter<byte[], ClientHttpRequest> inserter(byte[] body) {
        return (request, context) -> request.writeWith(
                Mono.fromSupplier(() -> request.bufferFactory().wrap(body)));
    }

    private Flux<DataBuffer> receive(ClientResponse response, Listener listener) {
        ResponseHead head = head(response);
        Flux<DataBuffer> body = response.body(BodyExtractors.toDataBuffers());
        if (!response.statusCode().is2xxSuccessful()) {
            listener.refused();
            return RefusedResponse.fail(head, body);
        }
        listener.accepted(head, call.decoder().apply(head));
        return body;
    }

    private static ResponseHead head(ClientResponse response) {
        Map<String, List<String>> headers = new HashMap<>();
        response.headers().asHttpHeaders().forEach(headers::put);
        return new ResponseHead(response.statusCode().value(), headers);
    }
}
