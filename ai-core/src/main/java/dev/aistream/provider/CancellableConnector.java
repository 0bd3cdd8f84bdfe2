package dev.aistream.provider;

import io.netty.channel.Channel;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.channel.ChannelOperations;
import reactor.util.context.Context;

/**
 * Closes the connection of a call that is cancelled before its response is read.
 *
 * <p>Where the head is just arriving, Spring's connector reads such a response to its end in the background, to use the
 * connection again: a provider would go on for minutes, and bill. And reactor-netty closes from the canceller's thread,
 * at times after the event loop has given the connection of a whole response back to the pool, where the next call finds
 * it dead. A call cancelled later is closed by reactor-netty itself.
 */
final class CancellableConnector implements ClientHttpConnector {

    private final ClientHttpConnector network;

    CancellableConnector(ClientHttpConnector network) {
        this.network = network;
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        return Mono.fromDirect(reader -> {
            Call call = new Call(Operators.toCoreSubscriber(reader));
            network.connect(method, uri, request -> requestCallback.apply(call.sending(request)))
                    .subscribe(call);
        });
    }

    /** Whether it is cancelled, or its response read, is decided once. */
    private static final class Call implements CoreSubscriber<ClientHttpResponse>, Subscription {

        private enum State {
            UNREAD,
            READ,
            CANCELLED
        }

        private final CoreSubscriber<? super ClientHttpResponse> reader;
        private final AtomicReference<State> state = new AtomicReference<>(State.UNREAD);
        private Subscription response = Operators.emptySubscription();
        private volatile @Nullable ChannelOperations<?, ?> exchange;

        Call(CoreSubscriber<? super ClientHttpResponse> reader) {
            this.reader = reader;
        }

        ClientHttpRequest sending(ClientHttpRequest request) {
            Object nativeRequest = request.getNativeRequest();
            exchange = nativeRequest instanceof ChannelOperations<?, ?> operations ? operations : null;
            return request;
        }

        @Override
        public Context currentContext() {
            return reader.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            response = subscription;
            reader.onSubscribe(this);
        }

        @Override
        public void onNext(ClientHttpResponse head) {
            reader.onNext(new Response(head, this));
        }

        @Override
        public void onError(Throwable failure) {
            reader.onError(failure);
        }

        @Override
        public void onComplete() {
            reader.onComplete();
        }

        @Override
        public void request(long n) {
            response.request(n);
        }

        /** Once the body is read, to cancel that is what closes the connection. */
        @Override
        public void cancel() {
            if (state.compareAndSet(State.UNREAD, State.CANCELLED)) {
                ChannelOperations<?, ?> open = exchange;
                Channel channel = open == null ? null : open.channel();
                if (open != null && channel != null && channel.isRegistered()) {
                    channel.eventLoop().execute(() -> close(open, channel));
                } else {
                    response.cancel();
                }
            }
        }

        /**
         * On the event loop, where the response does not end meanwhile: once it has, the pool has the connection, and
         * gives it to the next call.
         */
        private void close(ChannelOperations<?, ?> open, Channel channel) {
            if (ChannelOperations.get(channel) == open) {
                open.dispose();
            }
            response.cancel();
        }

        boolean read() {
            return state.compareAndSet(State.UNREAD, State.READ) || state.get() == State.READ;
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
            return Flux.defer(() -> call.read() ? super.getBody() : Flux.empty());
        }
    }
}
