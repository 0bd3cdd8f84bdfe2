package dev.aistream.autoconfigure.relay.webflux;

import dev.aistream.ChatStream;
import dev.aistream.chat.ChatEvent;
import dev.aistream.relay.RelayEvent;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * Turns answers into what WebFlux writes as an event stream, for controllers of your own.
 *
 * <p>The model is asked on subscription. Every stream completes after the last event; cancelling it, as the server
 * does when the browser leaves, closes the provider's connection; one whose reader asks for nothing for longer than
 * the write timeout does so and errors.
 *
 * <p>Thread-safe: one instance serves every answer.
 */
public final class WebFluxStreamRelay {

    private static final MediaType EVENT_STREAM = new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

    private final StreamRelay relay;

    public WebFluxStreamRelay(StreamRelay relay) {
        this.relay = relay;
    }

    /**
     * For an {@code EventSource}: the head goes out at once, and every failure is an event. Return it from a handler
     * method that produces {@code text/event-stream}; against buffering proxies add the headers that
     * {@link #writeTo} sets. An {@code EventSource} asks again after the answer, with {@code Last-Event-ID}: answer such
     * a request with 204, or it is a second generation.
     */
    public Flux<ServerSentEvent<String>> toFlux(ChatStream answer) {
        return toFlux(answer, RelayHead.AT_ONCE);
    }

    /**
     * An event stream.
     * @param head where it waits, an early failure is an error signal, a {@link dev.aistream.chat.ChatException}
     */
    public Flux<ServerSentEvent<String>> toFlux(ChatStream answer, RelayHead head) {
        return toFlux(answer.events(), head);
    }

    /**
     * An event stream.
     * @param answer such as {@link ChatStream#events()}, changed or shared
     */
    public Flux<ServerSentEvent<String>> toFlux(Flux<ChatEvent> answer, RelayHead head) {
        return relay.events(answer, head).map(WebFluxStreamRelay::toServerSentEvent);
    }

    /**
     * Writes an answer and its headers, {@code Cache-Control} and {@code X-Accel-Buffering} included: the same bytes
     * as of {@link #toFlux} at less cost, with less waiting for a slow browser, and on Reactor Netty the connection of
     * one that stalls is closed. Answer a request that carries {@code Last-Event-ID} with 204 instead.
     * @return completes when all is written; errors before anything is written where the head waits and the call
     *     fails
     */
    public Mono<Void> writeTo(ServerHttpResponse response, ChatStream answer, RelayHead head) {
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(EVENT_STREAM);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        headers.set("X-Accel-Buffering", "no");
        Flux<String> blocks = relay.blocks(answer, head);
        Channel netty = nettyChannel(response);
        Flux<DataBuffer> body = netty == null
                ? wrap(blocks, response.bufferFactory())
                : NettyWriteWindow.of(blocks, netty, relay.writeTimeout());
        if (netty != null && !(response instanceof ServerHttpResponseDecorator)) {
            // The window flushes: Spring would make a publisher of each block to do so, which costs as much as the
            // rest of ours. But a filter may collect what Spring does not flush.
            return response.writeWith(body);
        }
        return response.writeAndFlushWith(body.map(Mono::just));
    }

    private static Flux<DataBuffer> wrap(Flux<String> blocks, DataBufferFactory buffers) {
        return blocks.map(block -> buffers.wrap(block.getBytes(StandardCharsets.UTF_8)));
    }

    private static @Nullable Channel nettyChannel(ServerHttpResponse response) {
        return ServerHttpResponseDecorator.getNativeResponse(response) instanceof Connection netty
                ? netty.channel()
                : null;
    }

    private static ServerSentEvent<String> toServerSentEvent(RelayEvent event) {
        ServerSentEvent.Builder<String> block = ServerSentEvent.builder();
        if (event instanceof RelayEvent.Message message) {
            block.id(message.id()).event(message.event()).data(message.json());
        } else if (event instanceof RelayEvent.Opening opening) {
            block.id(opening.id()).retry(opening.retry());
        } else if (event instanceof RelayEvent.Comment comment) {
            block.comment(comment.text());
        }
        return block.build();
    }
}
