package dev.aistream.provider;

import java.nio.ByteBuffer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;

/**
 * Brings the network's buffers, which lie off the heap, to where a decoder reads fastest; {@link JoinedBytes} are there
 * already. The array grows to what the buffers of the stream need, and no further than {@value #MAX} bytes. Not
 * thread-safe.
 */
final class HeapSlice {

    private static final int MAX = 16 * 1024;
    private static final int MIN = 512;

    private ByteBuffer slice = ByteBuffer.allocate(0);

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
