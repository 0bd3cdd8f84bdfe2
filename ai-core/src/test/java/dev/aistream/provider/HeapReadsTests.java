package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.NettyPipeline;

class HeapReadsTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** What comes to where the HTTP decoder would be. */
    private ByteBuf read(ByteBuf buffer) {
        channel.pipeline().addLast(HeapReads.INSTANCE);
        channel.writeInbound(buffer);
        return channel.readInbound();
    }

    private static ByteBuf direct(int length) {
        return Unpooled.directBuffer(length).writeBytes("t".repeat(length).getBytes(US_ASCII));
    }

    @Test
    void aLargeReadComesOnTheHeapAndItsOwnBufferIsGivenBack() {
        ByteBuf buffer = direct(HeapReads.LARGE + 1).skipBytes(1);

        ByteBuf seen = read(buffer);

        assertThat(seen.hasArray()).isTrue();
        assertThat(seen.toString(US_ASCII)).isEqualTo("t".repeat(HeapReads.LARGE));
        assertThat(buffer.refCnt()).isZero();
        seen.release();
        assertThat(seen.refCnt()).isZero();
    }

    @Test
    void aSmallReadIsNotCopied() {
        ByteBuf buffer = direct(HeapReads.LARGE - 1);

        assertThat(read(buffer)).isSameAs(buffer);
        buffer.release();
    }

    @Test
    void whatIsOnTheHeapIsNotCopied() {
        ByteBuf buffer = Unpooled.buffer().writeBytes(new byte[HeapReads.LARGE]);

        assertThat(read(buffer)).isSameAs(buffer);
        buffer.release();
    }

    @Test
    void standsBeforeTheDecoderWhereNettyHasNoUnsafe() {
        channel.pipeline().addLast(NettyPipeline.HttpCodec, new HttpClientCodec());

        HeapReads.addTo(channel);

        assertThat(channel.pipeline().first() == HeapReads.INSTANCE).isEqualTo(!PlatformDependent.hasUnsafe());
    }

    @Test
    void leavesAloneAConnectionThatHasNoDecoderYet() {
        HeapReads.addTo(channel);

        assertThat(channel.pipeline().get(HeapReads.class)).isNull();
    }
}
