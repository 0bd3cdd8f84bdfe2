package dev.aistream.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Hands on in one piece what one read of the socket brought, but for its first chunk. Providers send each event as an
 * HTTP chunk of its own; when they come faster than they are read, passing each by itself through reactor-netty,
 * WebClient and their operators costs more than decoding it. The first chunk of a read, which mostly is the only one, is
 * handed on at once and as it is; none waits longer than the read that it came with.
 *
 * <p>One for each connection, called on its event loop.
 */
final class ContentJoiner extends ChannelInboundHandlerAdapter {

    private boolean begun;
    private @Nullable DefaultHttpContent single;
    private @Nullable ByteBuf joined;

    /** To a new connection; one that speaks HTTP/2 has no use for it, and passes it unchanged. */
    static void addTo(Channel channel) {
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, null, new ContentJoiner());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // What netty's decoder makes of each chunk but the last. Its class is compared, for to ask for an interface is
        // slow before JDK 23: docs/decisions/network.md.
        if (message.getClass() == DefaultHttpContent.class) {
            DefaultHttpContent content = (DefaultHttpContent) message;
            if (content.decoderResult().isSuccess()) {
                add(context, content);
                return;
            }
        }
        handOn(context);
        context.fireChannelRead(message);
    }

    private void add(ChannelHandlerContext context, DefaultHttpContent content) {
        if (!begun) {
            begun = true;
            context.fireChannelRead(content);
            return;
        }
        int bytes = content.content().readableBytes();
        ByteBuf buffer = joined;
        DefaultHttpContent before = single;
        if (buffer != null && bytes <= buffer.writableBytes()) {
            append(buffer, content);
        } else if (before != null && before.content().readableBytes() + bytes <= JoinedBytes.CAPACITY) {
            single = null;
            joined = new JoinedBytes(context.alloc());
            append(joined, before);
            append(joined, content);
        } else {
            handOn(context);
            single = content;
        }
    }

    /** Straight into the array, which costs netty less than a copy from buffer to buffer. */
    private static void append(ByteBuf buffer, DefaultHttpContent content) {
        ByteBuf part = content.content();
        int at = buffer.writerIndex();
        int bytes = part.readableBytes();
        part.getBytes(part.readerIndex(), buffer.array(), buffer.arrayOffset() + at, bytes);
        buffer.writerIndex(at + bytes);
        content.release();
    }

    private void handOn(ChannelHandlerContext context) {
        DefaultHttpContent content = take();
        if (content != null) {
            context.fireChannelRead(content);
        }
    }

    private @Nullable DefaultHttpContent take() {
        ByteBuf buffer = joined;
        DefaultHttpContent content = buffer == null ? single : new DefaultHttpContent(buffer);
        single = null;
        joined = null;
        return content;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        begun = false;
        handOn(context);
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handOn(context);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        handOn(context);
        context.fireExceptionCaught(failure);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        DefaultHttpContent content = take();
        if (content != null) {
            content.release();
        }
    }
}
