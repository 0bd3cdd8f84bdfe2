package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.ProviderHttpClient.Network;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One call, sent through a {@link WebClient}. */
final class WebClientExchange implements Exchange {

    private final SingletonSupplier<Network> network;
    private final ProviderCall call;

    WebClientExchange(SingletonSupplier<Network> network, ProviderCall call) {
        this.network = network;
        this.call = call;
    }

    @Override
    public boolean poolIsExhausted() {
        return network.obtain().isExhausted();
    }

    @Override
    public Mono<Void> open(Listener listener) {
        WebClient.RequestBodySpec request = network.obtain()
                .webClient()
                .method(HttpMethod.valueOf(call.method()))
                .uri(call.uri())
                .headers(headers -> call.headers().forEach(headers::set))
                .httpRequest(written -> listener.sending());
        byte[] body = call.body();
        if (body != null) {
            request.contentLength(body.length).body(inserter(body));
        }
        return request.exchangeToMono(response -> receive(response, listener));
    }

    private static BodyInserter<byte[], ClientHttpRequest> inserter(byte[] body) {
        return (request, context) -> request.writeWith(
                Mono.fromSupplier(() -> request.bufferFactory().wrap(body)));
    }

    private Mono<Void> receive(ClientResponse response, Listener listener) {
        ResponseHead head = head(response);
        Flux<DataBuffer> body = response.body(BodyExtractors.toDataBuffers());
        if (!response.statusCode().is2xxSuccessful()) {
            listener.refused();
            return RefusedResponse.fail(head, body);
        }
        listener.accepted(head, call.decoder().apply(head), body);
        return Mono.never();
    }

    private static ResponseHead head(ClientResponse response) {
        Map<String, List<String>> headers = new HashMap<>();
        response.headers().asHttpHeaders().forEach(headers::put);
        return new ResponseHead(response.statusCode().value(), headers);
    }
}
