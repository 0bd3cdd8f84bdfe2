package dev.aistream.provider;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;

/**
 * Brings the network's buffers, which lie off the heap, to where a decoder reads fastest; {@link JoinedBytes} are there
 * already. The array grows to what the buffers need, and no further than {@value #MAX} bytes.
 *
 * <p>Lent for as long as one buffer is decoded, and then to the next stream of the same thread, so that the array is in
 * the processor's cache however many streams there are.
 */
final class HeapSlice {

    private static final int MAX = 16 * 1024;
    private static final int MIN = 512;

    private static final FastThreadLocal<HeapSlice> OWN = new FastThreadLocal<>() {
        @Override
        protected HeapSlice initialValue() {
            return new HeapSlice();
        }
    };

    private ByteBuffer slice = ByteBuffer.allocate(0);
    /** A flag, for G1 would have to take note of a reference that is taken out and put back for each event. */
    private boolean lent;

    private HeapSlice() {}

    /** This thread's own, or another one where that is lent: a reader may make a second stream decode. */
    static HeapSlice borrow() {
        HeapSlice own = OWN.get();
        HeapSlice free = own.lent ? new HeapSlice() : own;
        free.lent = true;
        return free;
    }

    /** On the thread that borrowed it. */
    void giveBack() {
        lent = false;
    }

    /** The next bytes of a buffer, as many as fit; valid until the next call, or until the buffer is released. */
    ByteBuffer of(DataBuffer buffer) {
        if (buffer instanceof NettyDataBuffer netty && netty.getNativeBuffer() instanceof JoinedBytes bytes) {
            int from = bytes.readerIndex();
            int length = bytes.readableBytes();
            bytes.skipBytes(length);
            return ByteBuffer.wrap(bytes.array(), from, length);
        }
        int length = Math.min(buffer.readableByteCount(), MAX);
        if (slice.capacity() < length) {
            slice = ByteBuffer.allocate(Math.max(MIN, Integer.highestOneBit(length - 1) << 1));
        }
        buffer.read(slice.array(), 0, length);
        return slice.clear().limit(length);
    }
}
