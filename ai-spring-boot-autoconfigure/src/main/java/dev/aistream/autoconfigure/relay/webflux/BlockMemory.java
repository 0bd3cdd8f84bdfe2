package dev.aistream.autoconfigure.relay.webflux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Memory off the heap for the blocks of all relays of one event loop: where the socket took the last one, the next lies in
 * the same place, which is still in the processor's cache. A buffer of Netty's for each would cost more than what stands
 * in it, for Netty watches one in 128 for leaks, and takes a stack trace as deep as the whole way from the provider's
 * socket to the browser's.
 *
 * <p>A block that is not written yet keeps its place, and the next ones get another.
 */
final class BlockMemory {

    /** Some ten blocks of a token each. */
    static final int BYTES = 512;

    private static final FastThreadLocal<BlockMemory> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected BlockMemory initialValue() {
            return new BlockMemory(ByteBufAllocator.DEFAULT);
        }

        @Override
        protected void onRemoval(BlockMemory memory) {
            memory.release();
        }
    };

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf place;

    BlockMemory(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** That of the event loop whose thread this is. */
    static BlockMemory ofThisLoop() {
        return OF_LOOP.get();
    }

    /** The bytes, in a buffer that is the caller's to release; in the array itself where there are too many. */
    ByteBuf write(byte[] block) {
        if (block.length > BYTES) {
            return Unpooled.wrappedBuffer(block);
        }
        ByteBuf memory = place;
        if (memory == null || !isFree()) {
            release();
            memory = allocator.directBuffer(BYTES, BYTES);
            place = memory;
        }
        memory.clear().writeBytes(block);
        return memory.retainedSlice();
    }

    /** Whether all that was written here is with the socket. */
    boolean isFree() {
        return place == null || place.refCnt() == 1;
    }

    /** Gives the memory back, once what lies in it is written. */
    void release() {
        if (place != null) {
            place.release();
            place = null;
        }
    }
}
