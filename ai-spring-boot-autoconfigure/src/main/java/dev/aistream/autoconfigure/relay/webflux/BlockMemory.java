package dev.aistream.autoconfigure.relay.webflux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Memory off the heap for the blocks of one relay, one after the other: where the socket took the last one, the next lies
 * in the same place. A buffer for each would cost more than what stands in it, for Netty watches one in 128 for leaks, and
 * takes a stack trace as deep as the whole way from the provider's socket to the browser's.
 *
 * <p>What does not fit, or comes from another thread than the event loop's, is an array of its own.
 */
final class BlockMemory {

    /** Some ten blocks of a token each. */
    private static final int BYTES = 512;

    private final ByteBufAllocator allocator;
    private final EventLoop loop;
    // The event loop's own.
    private @Nullable ByteBuf memory;
    private boolean released;

    BlockMemory(ByteBufAllocator allocator, EventLoop loop) {
        this.allocator = allocator;
        this.loop = loop;
    }

    /** The block's bytes, in a buffer that is the caller's to release. */
    ByteBuf write(String block) {
        byte[] bytes = block.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > BYTES || !loop.inEventLoop() || released) {
            return Unpooled.wrappedBuffer(bytes);
        }
        ByteBuf place = memory;
        if (place == null) {
            place = allocator.directBuffer(BYTES, BYTES);
            memory = place;
        } else if (place.refCnt() == 1) {
            place.clear();
        } else if (place.writableBytes() < bytes.length) {
            return Unpooled.wrappedBuffer(bytes);
        }
        int start = place.writerIndex();
        place.writeBytes(bytes);
        return place.retainedSlice(start, bytes.length);
    }

    /** Gives the memory back, once what lies in it is written; what is still to come has none. Thread-safe. */
    void release() {
        if (loop.inEventLoop()) {
            releaseHere();
            return;
        }
        try {
            loop.execute(this::releaseHere);
        } catch (RejectedExecutionException ended) {
            // The loop writes nothing more, so nobody else has the memory.
            releaseHere();
        }
    }

    private void releaseHere() {
        ByteBuf place = memory;
        memory = null;
        released = true;
        if (place != null) {
            place.release();
        }
    }
}
