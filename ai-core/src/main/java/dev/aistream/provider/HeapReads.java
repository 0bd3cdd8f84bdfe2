package dev.aistream.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.internal.PlatformDependent;
import reactor.netty.NettyPipeline;

/**
 * Copies what a large read of the socket brought to the heap, in one go, before netty's HTTP decoder sees it. In a burst
 * the decoder cuts it into hundreds of chunks, and without {@code Unsafe} each look into memory off the heap costs checks
 * of its own. A small read is one event or few, and passes as it is.
 *
 * <p>One for all connections.
 */
@ChannelHandler.Sharable
final class HeapReads extends ChannelInboundHandlerAdapter {

    /** In bytes; a few events of the usual length. */
    static final int LARGE = 1024;

    static final HeapReads INSTANCE = new HeapReads();

    private HeapReads() {}

    /**
     * To a new connection, behind what TLS leaves. One that may speak HTTP/2 has no decoder yet, and does without; so does
     * every connection where netty has {@code Unsafe}, by default before JDK 24: the copy would cost what it saves.
     */
    static void addTo(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (!PlatformDependent.hasUnsafe() && pipeline.get(NettyPipeline.HttpCodec) != null) {
            pipeline.addBefore(NettyPipeline.HttpCodec, null, INSTANCE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf buffer && buffer.isDirect() && buffer.readableBytes() >= LARGE) {
            context.fireChannelRead(onHeap(context, buffer));
        } else {
            context.fireChannelRead(message);
        }
    }

    private static ByteBuf onHeap(ChannelHandlerContext context, ByteBuf buffer) {
        try {
            return context.alloc().heapBuffer(buffer.readableBytes()).writeBytes(buffer);
        } finally {
            buffer.release();
        }
    }
}
