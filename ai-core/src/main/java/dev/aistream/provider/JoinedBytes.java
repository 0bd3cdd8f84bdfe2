package dev.aistream.provider;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ContentJoiner} makes of many chunks: an array on the heap, which {@link HeapSlice} lets a decoder read where
 * it is. When the buffer is released, the next one of the same event loop gets the array, which is then still in the
 * processor's cache.
 *
 * <p>Not netty's own pool: its arrays are parts of large ones, and a parser that remembers the last array it read would
 * keep such a one alive for each stream.
 */
final class JoinedBytes extends UnpooledHeapByteBuf {

    /** A quarter of the most that one read of the socket brings; stays in the processor's first cache. */
    static final int CAPACITY = 16 * 1024;

    private static final FastThreadLocal<byte @Nullable []> SPARE = new FastThreadLocal<>();

    private final Thread eventLoop = Thread.currentThread();

    JoinedBytes(ByteBufAllocator allocator) {
        super(allocator, CAPACITY, CAPACITY);
    }

    @Override
    protected byte[] allocateArray(int capacity) {
        byte[] spare = SPARE.get();
        if (spare == null || spare.length != capacity) {
            return new byte[capacity];
        }
        SPARE.set(null);
        return spare;
    }

    @Override
    protected void freeArray(byte[] array) {
        if (Thread.currentThread() == eventLoop) {
            SPARE.set(array);
        }
    }
}
