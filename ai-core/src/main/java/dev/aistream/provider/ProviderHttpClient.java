package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends a request to a provider and streams what its decoder makes of the response: one attempt.
 *
 * <p>Thread-safe: one instance serves every request.
 */
public final class ProviderHttpClient {

    private final WebClient webClient;

    private ProviderHttpClient(WebClient webClient) {
        this.webClient = webClient;
    }

    /**
     * A client over a connector, usually {@link ProviderConnector}'s.
     * @param builder what else to send with each request, and what to observe; not changed
     * @param connector the way to the network
     * @throws IllegalArgumentException where the connector does not close the connection of a cancelled stream
     */
    public static ProviderHttpClient create(WebClient.Builder builder, ClientHttpConnector connector) {
        ProviderConnector.requireClosing(connector);
        return new ProviderHttpClient(builder.clone()
                .clientConnector(new CancellableConnector(connector))
                .build());
    }

    /**
     * Sends the call, once for each subscription and at once.
     *
     * @return a cold stream that
     *     <ul>
     *       <li>completes when the decoder says that the answer is whole, without waiting for the body's end: the
     *           connection returns to the pool if the body ends within 50 ms, else it is closed;
     *       <li>fails with {@link ChatException}, after every event that came before, and nothing else;
     *       <li>closes the connection when cancelled, at any time and from any thread; no signal begins after {@code
     *           cancel()} has returned.
     *     </ul>
     *     Events come on the network's thread, or on that of the reader's request. No more than was requested is
     *     emitted, and the next buffer is read from the network only when all of the last is delivered.
     */
    public Flux<ChatEvent> stream(ProviderCall call) {
        return new ExchangeFlux(call, listener -> send(call, listener), System::nanoTime);
    }

    /**
     * Asks for the provider's key, then sends the call.
     * @param keys asked once for each subscription; waited for as long as {@link ProviderHttpOptions#DEFAULT_TIMEOUT}
     * @param provider name of the provider
     * @param call makes the call; gets null where the supplier has no key
     * @return as {@link #stream(ProviderCall)}; what the supplier fails with, or {@code call} throws, is {@code
     *     INVALID_REQUEST}
     */
    public Flux<ChatEvent> stream(ApiKeySupplier keys, String provider, Function<@Nullable String, ProviderCall> call) {
        return KeyLookup.key(keys, provider).flatMapMany(key -> stream(KeyLookup.make(call, key)));
    }

    private Flux<DataBuffer> send(ProviderCall call, Exchange.Listener listener) {
        WebClient.RequestBodySpec request = webClient
                .method(HttpMethod.valueOf(call.method()))
                .uri(call.uri())
                .headers(headers -> call.headers().forEach(headers::set))
                .httpRequest(written -> listener.sending());
        byte[] body = call.body();
        if (body != null) {
            request.contentLength(body.length).body(inserter(body));
        }
        return request.exchangeToFlux(response -> receive(call, response, listener));
    }

    private static BodyInserter<byte[], ClientHttpRequest> inserter(byte[] body) {
        return (request, context) -> request.writeWith(
                Mono.fromSupplier(() -> request.bufferFactory().wrap(body)));
    }

    private static Flux<DataBuffer> receive(ProviderCall call, ClientResponse response, Exchange.Listener listener) {
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
