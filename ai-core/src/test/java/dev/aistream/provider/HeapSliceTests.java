package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

class HeapSliceTests {

    private final NettyDataBufferFactory factory = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private final ByteBuf joined = new JoinedBytes(UnpooledByteBufAllocator.DEFAULT);
    private final HeapSlice slice = HeapSlice.borrow();

    @AfterEach
    void release() {
        joined.release();
        slice.giveBack();
    }

    private static String text(ByteBuffer bytes) {
        return US_ASCII.decode(bytes).toString();
    }

    @Test
    void whatWasJoinedIsReadWhereItIs() {
        joined.writeBytes("data: one".getBytes(US_ASCII)).skipBytes("data: ".length());
        DataBuffer buffer = factory.wrap(joined);
        ByteBuffer bytes = slice.of(buffer);

        assertThat(bytes.array()).isSameAs(joined.array());
        assertThat(text(bytes)).isEqualTo("one");
        assertThat(buffer.readableByteCount()).isZero();
    }

    @Test
    void whatLiesOffTheHeapIsCopiedInPieces() {
        ByteBuf direct = Unpooled.directBuffer();
        direct.writeBytes("x".repeat(20_000).getBytes(US_ASCII));
        DataBuffer buffer = factory.wrap(direct);

        assertThat(text(slice.of(buffer))).isEqualTo("x".repeat(16 * 1024));
        assertThat(text(slice.of(buffer))).isEqualTo("x".repeat(20_000 - 16 * 1024));
        assertThat(buffer.readableByteCount()).isZero();
        direct.release();
    }

    @Test
    void oneThatIsLentIsNotLentAgain() {
        assertThat(HeapSlice.borrow()).isNotSameAs(slice);

        slice.giveBack();

        assertThat(HeapSlice.borrow()).isSameAs(slice);
    }
}
