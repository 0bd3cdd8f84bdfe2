package dev.aistream.test;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers every request from memory. A network may join or cut what a server writes; here each buffer reaches the
 * client as it is.
 *
 * <p>Thread-safe. The body is emitted on the thread that asks for it.
 */
public final class InMemoryConnector implements ClientHttpConnector {

    private final int status;
    private final String contentType;
    private final Function<DataBufferFactory, Flux<DataBuffer>> body;
    private final DataBufferFactory buffers;
    private final List<URI> requests = new CopyOnWriteArrayList<>();

    private InMemoryConnector(
            int status,
            String contentType,
            DataBufferFactory buffers,
            Function<DataBufferFactory, Flux<DataBuffer>> body) {
        this.status = status;
        this.contentType = contentType;
        this.buffers = buffers;
        this.body = body;
    }

    /** A response whose body is emitted in these pieces. */
    public static InMemoryConnector of(int status, String contentType, Flux<byte[]> body) {
        return of(status, contentType, body, DefaultDataBufferFactory.sharedInstance);
    }

    /**
     * As {@link #of(int, String, Flux)}, with buffers of a kind.
     * @param buffers makes the buffers that the client has to release
     */
    public static InMemoryConnector of(int status, String contentType, Flux<byte[]> body, DataBufferFactory buffers) {
        return new InMemoryConnector(status, contentType, buffers, factory -> body.map(bytes -> copy(factory, bytes)));
    }

    /** A recording whose body is emitted in pieces of these sizes, the rest being the last. */
    public static InMemoryConnector of(Recording recording, int... sizes) {
        return of(recording.status(), recording.contentType(), pieces(recording.body(), sizes));
    }

    /**
     * Cuts a body.
     * @param sizes lengths of the pieces; the rest of the body is the last
     */
    public static Flux<byte[]> pieces(byte[] body, int... sizes) {
        return Flux.generate(() -> new int[2], (position, sink) -> {
            int from = position[0];
            if (from == body.length) {
                sink.complete();
                return position;
            }
            int size = position[1] < sizes.length ? sizes[position[1]] : body.length - from;
            sink.next(Arrays.copyOfRange(body, from, from + size));
            position[0] = from + size;
            position[1]++;
            return position;
        });
    }

    /** Where requests went, in order. */
    public List<URI> requests() {
        return List.copyOf(requests);
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        return Mono.defer(() -> {
            requests.add(uri);
            return requestCallback.apply(new Request(method, uri)).then(Mono.fromSupplier(Response::new));
        });
    }

    private static DataBuffer copy(DataBufferFactory factory, byte[] bytes) {
        return factory.allocateBuffer(bytes.length).write(bytes);
    }

    private final class Response implements ClientHttpResponse {

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatusCode.valueOf(status);
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            headers.set(HttpHeaders.CONTENT_TYPE, contentType);
            return headers;
        }

        @Override
        public MultiValueMap<String, ResponseCookie> getCookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return body.apply(buffers);
        }
    }

    /** Takes the request and forgets it. */
    private static final class Request extends AbstractClientHttpRequest {

        private final HttpMethod method;
        private final URI uri;

        private Request(HttpMethod method, URI uri) {
            this.method = method;
            this.uri = uri;
        }

        @Override
        public HttpMethod getMethod() {
            return method;
        }

        @Override
        public URI getURI() {
            return uri;
        }

        @Override
        public DataBufferFactory bufferFactory() {
            return DefaultDataBufferFactory.sharedInstance;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return doCommit(() -> Flux.from(body).then());
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return writeWith(Flux.from(body).concatMap(piece -> piece));
        }

        @Override
        public Mono<Void> setComplete() {
            return doCommit();
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T getNativeRequest() {
            return (T) this;
        }

        @Override
        protected void applyHeaders() {}

        @Override
        protected void applyCookies() {}
    }
}
