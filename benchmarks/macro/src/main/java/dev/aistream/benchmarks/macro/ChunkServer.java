package dev.aistream.benchmarks.macro;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends chunks of an OpenAI chat completion, each 270 bytes and an HTTP chunk of its own. The path says how: {@code
 * /burst-N/…} N of them as quickly as the socket takes them, {@code /paced-N-MS/…} one every MS milliseconds, its text
 * beginning with the reading of {@link System#nanoTime()} at which it was written.
 */
final class ChunkServer {

    /** Bytes of one event. */
    static final int EVENT_BYTES = 270;

    private static final int BLOCK_CHUNKS = 64;
    private static final int STAMP_DIGITS = 19;
    private static final String BEFORE = "data: {\"id\":\"chatcmpl-Bq3hJ9kXc0yTzVwE7uLs5RfNdGa2P\",\"object\":"
            + "\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"gpt-4o-mini-2024-07-18\","
            + "\"system_fingerprint\":\"fp_560af6e559\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" ";
    private static final String AFTER = "\"},\"finish_reason\":null}]}\n\n";
    private static final String END = "data: {\"id\":\"chatcmpl-Bq3hJ9kXc0yTzVwE7uLs5RfNdGa2P\",\"object\":"
            + "\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":"
            + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private static final byte[] HEAD =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + "Transfer-Encoding: chunked\r\n\r\n");
    private static final byte[] TAIL = ascii(chunk(END) + "0\r\n\r\n");
    private static final String TEXT = "0".repeat(STAMP_DIGITS) + " "
            + "t".repeat(EVENT_BYTES - BEFORE.length() - AFTER.length() - STAMP_DIGITS - 1);

    /** Characters of text in one event. */
    static final int TEXT_CHARS = TEXT.length() + 1;

    private static final byte[] CHUNK = ascii(chunk(BEFORE + TEXT + AFTER));
    private static final int STAMP_AT = new String(CHUNK, StandardCharsets.US_ASCII).indexOf("\"content\":\" ") + 12;
    private static final byte[] BLOCK = ascii(new String(CHUNK, StandardCharsets.US_ASCII).repeat(BLOCK_CHUNKS));

    private ChunkServer() {}

    private static String chunk(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Prints its port, and serves until its process is ended. */
    public static void main(String[] arguments) throws InterruptedException {
        Channel server = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Answers());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        System.out.println(((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    /** Reads requests, one after the other, and answers each. */
    private static final class Answers extends ChannelInboundHandlerAdapter {

        private final StringBuilder request = new StringBuilder();
        private long left;
        private @Nullable ScheduledFuture<?> pace;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            request.append(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(message);
            int headEnd = request.indexOf("\r\n\r\n");
            if (headEnd < 0) {
                return;
            }
            String head = request.substring(0, headEnd);
            if (request.length() < headEnd + 4 + bodyLength(head, request.length() - headEnd - 4)) {
                return;
            }
            request.setLength(0);
            answer(context, head.substring(head.indexOf(" /") + 2, head.indexOf("/", head.indexOf(" /") + 2)));
        }

        /** A body in chunks is whole with the last one; it has no length to compare. */
        private int bodyLength(String head, int received) {
            String lower = head.toLowerCase(java.util.Locale.ROOT);
            int at = lower.indexOf("content-length:");
            if (at >= 0) {
                int lineEnd = lower.indexOf('\r', at);
                return Integer.parseInt(lower.substring(at + 15, lineEnd < 0 ? lower.length() : lineEnd)
                        .strip());
            }
            boolean whole = !lower.contains("transfer-encoding: chunked")
                    || request.substring(Math.max(0, request.length() - 5)).equals("0\r\n\r\n");
            return whole ? 0 : received + 1;
        }

        private void answer(ChannelHandlerContext context, String how) {
            String[] words = how.split("-", -1);
            left = Long.parseLong(words[1]);
            context.writeAndFlush(Unpooled.wrappedBuffer(HEAD));
            if (words[0].equals("burst")) {
                pour(context);
            } else {
                long millis = Long.parseLong(words[2]);
                pace = context.executor()
                        .scheduleAtFixedRate(
                                () -> drip(context),
                                ThreadLocalRandom.current().nextLong(millis + 1),
                                millis,
                                TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (pace == null && left > 0 && context.channel().isWritable()) {
                pour(context);
            }
        }

        private void pour(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                int chunks = (int) Math.min(left, BLOCK_CHUNKS);
                left -= chunks;
                context.write(Unpooled.wrappedBuffer(BLOCK, 0, chunks * CHUNK.length));
                if (left == 0) {
                    context.write(Unpooled.wrappedBuffer(TAIL));
                }
                context.flush();
            }
        }

        private void drip(ChannelHandlerContext context) {
            if (left-- > 0) {
                byte[] chunk = CHUNK.clone();
                byte[] stamp = ascii(String.format("%0" + STAMP_DIGITS + "d", System.nanoTime()));
                System.arraycopy(stamp, 0, chunk, STAMP_AT, STAMP_DIGITS);
                context.writeAndFlush(Unpooled.wrappedBuffer(chunk));
            } else {
                stopPace();
                context.writeAndFlush(Unpooled.wrappedBuffer(TAIL));
            }
        }

        private void stopPace() {
            if (pace != null) {
                pace.cancel(false);
                pace = null;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            stopPace();
            left = 0;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
