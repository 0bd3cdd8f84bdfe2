package dev.aistream.autoconfigure.relay.webflux;

import dev.aistream.relay.ReaderStalledException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Bounds what one relay has waiting in Netty, to about {@value #WINDOW_CHARS} characters and a block, and closes the
 * connection of a browser that stalls.
 *
 * <p>Reactor Netty asks for dozens of blocks ahead whatever their size, which is megabytes for each stalled browser.
 * So after each window we write an empty buffer, which Netty completes once all before it has gone to the socket, and
 * ask the relay for more only then. At the pace of a model that is once in hundreds of tokens.
 *
 * <p>Used by one thread at a time, like the relay's blocks.
 */
final class NettyWriteWindow {

    static final int WINDOW_CHARS = 32 * 1024;

    private static final Logger log = LoggerFactory.getLogger(NettyWriteWindow.class);

    private final Channel channel;
    private int unacknowledged;

    private NettyWriteWindow(Channel channel) {
        this.channel = channel;
    }

    /**
     * The same blocks, one window at a time.
     * @return completes when Netty has taken all to the socket, or has been told to close a connection that stalls:
     *     by the relay's {@link ReaderStalledException}, or by {@code writeTimeout} after the last block, which the
     *     relay no longer watches; on cancel cancels the relay
     */
    static Flux<String> of(Flux<String> blocks, Channel channel, Duration writeTimeout) {
        return Flux.defer(() -> {
            NettyWriteWindow window = new NettyWriteWindow(channel);
            return blocks.concatMap(window::pass, 0)
                    .onErrorResume(ReaderStalledException.class, stalled -> window.close())
                    .concatWith(window.written().timeout(writeTimeout, window.close()));
        });
    }

    private Publisher<String> pass(String block) {
        unacknowledged += block.length();
        if (unacknowledged < WINDOW_CHARS) {
            return Mono.just(block);
        }
        unacknowledged = 0;
        return Mono.just(block).concatWith(written());
    }

    /** By way of the event loop's queue, so that it comes behind the blocks that were just handed over. */
    private Mono<String> written() {
        return Mono.create(done -> channel.eventLoop()
                .execute(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> done.success())));
    }

    /** Reactor Netty waits for what is pending, and would for good. */
    private Mono<String> close() {
        return Mono.fromRunnable(() -> {
            log.debug("A browser has stalled; its connection is closed");
            channel.close();
        });
    }
}
