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
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends chunks of an OpenAI chat completion, each an HTTP chunk of its own. Somewhere in the request, in its path or its
 * prompt, stands how: {@code burst-N-KIND} for N of them as quickly as the socket takes them, {@code paced-MS} for one
 * of text every MS milliseconds, which begins with the reading of {@link System#nanoTime()} at which it was written.
 * {@code end} ends all that are paced and those that come late, until {@code begin}, and answers how many chunks they
 * had.
 *
 * <p>One thread, and as little work as can be for each chunk, since the clients measured run on the same cores. Over
 * epoll, whose timer is exact: with NIO's all chunks of a millisecond would come at once, as those of real streams do not.
 */
final class ChunkServer {

    private static final Pattern HOW = Pattern.compile("(burst)-(\\d+)-(\\w+)|(paced)-(\\d+)|/(begin|end) ");
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final byte[] HEAD =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static final byte[] LAST = ascii("0\r\n\r\n");
    private static final byte[] CHUNK = ascii(httpChunk(WireChunk.TEXT.event()));
    private static final int STAMP_AT =
            httpChunk(WireChunk.TEXT.event()).indexOf(WireChunk.STAMP) + WireChunk.STAMP_DIGITS - 1;

    private ChunkServer() {}

    private static String httpChunk(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What to ask for. */
    static String paced(int millis) {
        return "paced-" + millis;
    }

    /** Lets the server send what is paced. */
    static void beginPaced(String server) throws IOException {
        get(server, "/begin");
    }

    /** Ends all that are paced, and says how many chunks they had. */
    static long endPaced(String server) throws IOException {
        return get(server, "/end");
    }

    private static long get(String server, String path) throws IOException {
        try (InputStream body = URI.create(server).resolve(path).toURL().openStream()) {
            return Long.parseLong(new String(body.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    /** Prints its port, and serves until its standard input ends, as it does with the runner. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Channel server = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(BLOCK_BYTES, 2 * BLOCK_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Answers());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        System.out.println("port=" + ((InetSocketAddress) server.localAddress()).getPort());
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    /** As many chunks as make a good write, in memory that the kernel can read from. */
    private record Block(ByteBuf bytes, int chunkBytes, int chunks) {

        static Block of(WireChunk kind) {
            byte[] chunk = ascii(httpChunk(kind.event()));
            int chunks = BLOCK_BYTES / chunk.length;
            ByteBuf bytes = Unpooled.directBuffer(chunks * chunk.length);
            for (int i = 0; i < chunks; i++) {
                bytes.writeBytes(chunk);
            }
            return new Block(bytes, chunk.length, chunks);
        }

        ByteBuf first(int count) {
            return bytes.retainedSlice(0, count * chunkBytes);
        }
    }

    /** Reads requests, one after the other, and answers each. */
    private static final class Answers extends ChannelInboundHandlerAdapter {

        private static final Block[] BLOCKS = {
            Block.of(WireChunk.TEXT), Block.of(WireChunk.TOOL), Block.of(WireChunk.REASONING)
        };

        /** All on the one thread. */
        private static final Map<Answers, ChannelHandlerContext> PACED = new IdentityHashMap<>();

        private static boolean over;

        private final StringBuilder request = new StringBuilder();
        private WireChunk kind = WireChunk.TEXT;
        private long left;
        private long sent;
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
            Matcher how = HOW.matcher(request);
            if (!how.find()) {
                context.close();
                return;
            }
            if (how.group(1) != null) {
                burst(context, Long.parseLong(how.group(2)), how.group(3));
            } else if (how.group(4) != null) {
                pace(context, Long.parseLong(how.group(5)));
            } else {
                over = how.group(6).equals("end");
                answer(context, endAll());
            }
            request.setLength(0);
        }

        /** A body in chunks is whole with the last one; it has no length to compare. */
        private int bodyLength(String head, int received) {
            String lower = head.toLowerCase(Locale.ROOT);
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

        private void burst(ChannelHandlerContext context, long chunks, String what) {
            left = chunks;
            kind = WireChunk.valueOf(what.toUpperCase(Locale.ROOT));
            context.writeAndFlush(Unpooled.wrappedBuffer(HEAD, opening()));
            pour(context);
        }

        private void pace(ChannelHandlerContext context, long millis) {
            sent = 0;
            kind = WireChunk.TEXT;
            context.writeAndFlush(Unpooled.wrappedBuffer(HEAD));
            if (over) {
                context.writeAndFlush(Unpooled.wrappedBuffer(ending()));
                return;
            }
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            pace = context.executor()
                    .scheduleAtFixedRate(
                            () -> drip(context),
                            ThreadLocalRandom.current().nextLong(nanos + 1),
                            nanos,
                            TimeUnit.NANOSECONDS);
            PACED.put(this, context);
        }

        private static long endAll() {
            long sent = 0;
            for (Map.Entry<Answers, ChannelHandlerContext> paced :
                    Map.copyOf(PACED).entrySet()) {
                sent += paced.getKey().sent;
                paced.getKey().stopPace();
                paced.getValue()
                        .writeAndFlush(Unpooled.wrappedBuffer(paced.getKey().ending()));
            }
            return sent;
        }

        private static void answer(ChannelHandlerContext context, long number) {
            byte[] body = ascii(Long.toString(number));
            byte[] head = ascii("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
            context.writeAndFlush(Unpooled.wrappedBuffer(head, body));
        }

        private byte[] opening() {
            return kind.first().isEmpty() ? new byte[0] : ascii(httpChunk(kind.first()));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (pace == null && left > 0 && context.channel().isWritable()) {
                pour(context);
            }
        }

        private void pour(ChannelHandlerContext context) {
            Block block = BLOCKS[kind.ordinal()];
            while (left > 0 && context.channel().isWritable()) {
                int chunks = (int) Math.min(left, block.chunks());
                left -= chunks;
                context.write(block.first(chunks));
                if (left == 0) {
                    context.write(Unpooled.wrappedBuffer(ending()));
                }
                context.flush();
            }
        }

        private void drip(ChannelHandlerContext context) {
            sent++;
            ByteBuf chunk = context.alloc().directBuffer(CHUNK.length).writeBytes(CHUNK);
            long rest = System.nanoTime();
            for (int at = STAMP_AT; rest > 0; at--) {
                chunk.setByte(at, '0' + (int) (rest % 10));
                rest /= 10;
            }
            context.writeAndFlush(chunk);
        }

        private byte[][] ending() {
            return new byte[][] {ascii(httpChunk(kind.last())), LAST};
        }

        private void stopPace() {
            if (pace != null) {
                pace.cancel(false);
                pace = null;
                PACED.remove(this);
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
