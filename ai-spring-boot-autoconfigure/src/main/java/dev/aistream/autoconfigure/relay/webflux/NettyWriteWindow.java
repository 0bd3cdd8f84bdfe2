package dev.aistream.autoconfigure.relay.webflux;

import dev.aistream.relay.ReaderStalledException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Bounds what one relay has waiting in Netty, to about {@value #WINDOW_CHARS} characters and a block, flushes each
 * block, and closes the connection of a browser that stalls.
 *
 * <p>Reactor Netty asks for dozens of blocks ahead whatever their size, which is megabytes for each stalled browser.
 * So after each window we write an empty buffer, which Netty completes once all before it has gone to the socket, and
 * ask the relay for more only then. At the pace of a model that is once in hundreds of tokens.
 *
 * <p>The relay is asked for one block at a time: by the request that finds no demand, or once a block is done with
 * while there is more. So blocks come one after the other, and need no lock.
 */
final class NettyWriteWindow implements CoreSubscriber<String>, Subscription {

    static final int WINDOW_CHARS = 32 * 1024;

    /** Only wraps. A response has one of its own, which has left the processor's cache by the time that a token comes. */
    private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

    /** A block that is not written keeps its place in the loop's memory, so that many of a slow browser's get none. */
    private static final int SLOW_BLOCKS = 16;

    private static final Logger log = LoggerFactory.getLogger(NettyWriteWindow.class);

    private static final AtomicLongFieldUpdater<NettyWriteWindow> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(NettyWriteWindow.class, "requested");

    private final Channel channel;
    private final Duration writeTimeout;
    private final CoreSubscriber<? super DataBuffer> netty;
    private final Disposable.Swap end = Disposables.swap();
    private Subscription relay = Operators.emptySubscription();
    /** By Reactor Netty. The block that is asked for, or that the window waits for, counts until it is done with. */
    private volatile long requested;

    private int unacknowledged;
    /** Blocks still to come that get no place, for the socket has not taken an earlier one at once. */
    private int slowFor;

    private NettyWriteWindow(Channel channel, Duration writeTimeout, CoreSubscriber<? super DataBuffer> netty) {
        this.channel = channel;
        this.writeTimeout = writeTimeout;
        this.netty = netty;
    }

    /**
     * The same blocks, one window at a time.
     * @return completes when Netty has taken all to the socket, or has been told to close a connection that stalls:
     *     by the relay's {@link ReaderStalledException}, or by {@code writeTimeout} after the last block, which the
     *     relay no longer watches; on cancel cancels the relay
     */
    static Flux<DataBuffer> of(Flux<String> blocks, Channel channel, Duration writeTimeout) {
        return Flux.from(netty ->
                blocks.subscribe(new NettyWriteWindow(channel, writeTimeout, Operators.toCoreSubscriber(netty))));
    }

    // ---- Reactor Netty ----------------------------------------------------------------------------------------

    @Override
    public void request(long n) {
        if (Operators.validate(n) && Operators.addCap(REQUESTED, this, n) == 0) {
            relay.request(1);
        }
    }

    @Override
    public void cancel() {
        relay.cancel();
        end.dispose();
    }

    // ---- the relay --------------------------------------------------------------------------------------------

    @Override
    public Context currentContext() {
        return netty.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        relay = subscription;
        netty.onSubscribe(this);
    }

    @Override
    public void onNext(String block) {
        byte[] bytes = block.getBytes(StandardCharsets.UTF_8);
        if (channel.eventLoop().inEventLoop()) {
            write(bytes);
        } else {
            // Reactor Netty writes it on the loop's thread, and flushes what it has written last.
            netty.onNext(BUFFERS.wrap(bytes));
        }
        unacknowledged += block.length();
        if (unacknowledged < WINDOW_CHARS) {
            next();
        } else {
            unacknowledged = 0;
            whenWritten(this::next);
        }
    }

    private void write(byte[] block) {
        if (slowFor > 0) {
            slowFor--;
            netty.onNext(BUFFERS.wrap(block));
            channel.flush();
        } else {
            BlockMemory memory = BlockMemory.ofThisLoop();
            netty.onNext(BUFFERS.wrap(memory.write(block)));
            channel.flush();
            slowFor = memory.isFree() ? 0 : SLOW_BLOCKS;
        }
    }

    private void next() {
        if (Operators.produced(REQUESTED, this, 1) != 0) {
            relay.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (failure instanceof ReaderStalledException) {
            close();
            netty.onComplete();
        } else {
            netty.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        end.update(Mono.create(written -> whenWritten(written::success))
                .timeout(writeTimeout, Mono.fromRunnable(this::close))
                .subscribe(null, netty::onError, netty::onComplete));
    }

    /** By way of the event loop's queue, so that it comes behind the blocks that were just handed over. */
    private void whenWritten(Runnable then) {
        channel.eventLoop()
                .execute(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> then.run()));
    }

    /** Reactor Netty waits for what is pending, and would for good. */
    private void close() {
        log.debug("A browser has stalled; its connection is closed");
        channel.close();
    }
}
