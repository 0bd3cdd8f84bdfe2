package dev.aistream.provider;

import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;

/**
 * Closes the connection of a call that is cancelled just as its response head arrives.
 *
 * <p>Spring's connector reads such a response to its end in the background, to use the connection again: a provider
 * would go on for minutes, and bill. A call cancelled earlier or later is closed by reactor-netty itself.
 */
final class CancellableConnector implements ClientHttpConnector {

    private final ClientHttpConnector network;

    CancellableConnector(ClientHttpConnector network) {
        this.network = network;
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        return Mono.defer(() -> {
            Call call = new Call();
            return network.connect(method, uri, request -> requestCallback.apply(call.sending(request)))
                    .<ClientHttpResponse>map(response -> new Response(response, call))
                    .doOnCancel(call::cancelled);
        });
    }

    /**
     * Cancelling and reading meet on two threads: each leaves its mark first and looks for the other's then, so that at
     * least one of them sees both.
     */
    private static final class Call {

        private volatile @Nullable DisposableChannel connection;
        private volatile boolean read;
        private volatile boolean cancelled;

        ClientHttpRequest sending(ClientHttpRequest request) {
            Object nativeRequest = request.getNativeRequest();
            connection = nativeRequest instanceof DisposableChannel channel ? channel : null;
            return request;
        }

        void cancelled() {
            cancelled = true;
            if (!read) {
                close();
            }
        }

        Flux<DataBuffer> read(Flux<DataBuffer> body) {
            read = true;
            if (cancelled) {
                close();
                return Flux.empty();
            }
            return body.doOnError(failure -> {
                if (cancelled) {
                    close();
                }
            });
        }

        private void close() {
            DisposableChannel open = connection;
            if (open != null) {
                open.dispose();
            }
        }
    }

    private static final class Response extends ClientHttpResponseDecorator {

        private final Call call;

        Response(ClientHttpResponse response, Call call) {
            super(response);
            this.call = call;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.defer(() -> call.read(super.getBody()));
        }
    }
}
