package dev.aistream.provider.simulated;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps what would have been sent. */
final class SimulatedRequest extends AbstractClientHttpRequest {

    private final HttpMethod method;
    private final URI uri;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    SimulatedRequest(HttpMethod method, URI uri) {
        this.method = method;
        this.uri = uri;
    }

    byte[] body() {
        return body.toByteArray();
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
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> buffers) {
        return doCommit(() -> Flux.from(buffers).doOnNext(this::keep).then());
    }

    private void keep(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        body.writeBytes(bytes);
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> buffers) {
        return writeWith(Flux.from(buffers).concatMap(piece -> piece));
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
