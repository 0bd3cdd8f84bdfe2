package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/** Makes counted buffers and knows whether each was released, once. */
final class Buffers {

    private final NettyDataBufferFactory factory = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private final Queue<NettyDataBuffer> made = new ConcurrentLinkedQueue<>();

    DataBuffer of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        NettyDataBuffer buffer = factory.allocateBuffer(Math.max(1, bytes.length));
        buffer.write(bytes);
        made.add(buffer);
        return buffer;
    }

    void assertReleased() {
        assertThat(made).allMatch(buffer -> buffer.getNativeBuffer().refCnt() == 0, "released");
    }
}
