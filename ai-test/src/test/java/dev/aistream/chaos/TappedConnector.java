package dev.aistream.chaos;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes down the body bytes that the network delivers, on their way to the client. One call at a time. */
final class TappedConnector implements ClientHttpConnector {

    private final ClientHttpConnector network;
    private volatile ByteArrayOutputStream delivered = new ByteArrayOutputStream();

    TappedConnector(ClientHttpConnector network) {
        this.network = network;
    }

    /** Forgets what was delivered. */
    void clear() {
        delivered = new ByteArrayOutputStream();
    }

    byte[] delivered() {
        synchronized (delivered) {
            return delivered.toByteArray();
        }
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        ByteArrayOutputStream tap = delivered;
        return network.connect(method, uri, requestCallback).map(response -> new ClientHttpResponseDecorator(response) {
            @Override
            public Flux<DataBuffer> getBody() {
                return super.getBody().doOnNext(buffer -> write(tap, buffer));
            }
        });
    }

    private static void write(ByteArrayOutputStream tap, DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = buffer.getByte(buffer.readPosition() + index);
        }
        synchronized (tap) {
            tap.writeBytes(bytes);
        }
    }
}
