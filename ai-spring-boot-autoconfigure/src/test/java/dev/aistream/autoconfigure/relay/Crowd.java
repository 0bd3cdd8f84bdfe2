package dev.aistream.autoconfigure.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Many browsers on one thread. Tokens are {@code number:nanoTime}, and each browser checks that none is missing. */
final class Crowd implements AutoCloseable {

    private static final String TOKEN = "{\"text\":\"";

    private final Selector selector;
    private final List<SocketChannel> stalled = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private long[] delays = new long[1 << 16];
    private int delayCount;
    private int readers;
    private int complete;

    Crowd() throws IOException {
        selector = Selector.open();
    }

    void join(int port, String prompt) throws IOException {
        SocketChannel channel = connect(port, prompt, 0);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Visitor());
        readers++;
        readOnce(0);
    }

    /** Sends its question, and never reads. */
    void joinStalled(int port, String prompt) throws IOException {
        stalled.add(connect(port, prompt, 4096));
    }

    /** Reads until every browser that reads has seen the end of its answer, or the time is over. */
    void read(Duration longest) throws IOException {
        readWhile(() -> complete < readers, longest);
    }

    /** Reads until so many tokens have come in all, or the time is over. */
    void readTokens(int tokens, Duration longest) throws IOException {
        readWhile(() -> delayCount < tokens, longest);
    }

    private void readWhile(BooleanSupplier unfinished, Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); unfinished.getAsBoolean() && left > 0; left = end - System.nanoTime()) {
            readOnce(left / 1_000_000);
        }
    }

    /** Found out without reading. */
    long stalledClosedByServer() {
        return stalled.stream().filter(Crowd::isClosedByServer).count();
    }

    private static boolean isClosedByServer(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    int complete() {
        return complete;
    }

    int tokens() {
        return delayCount;
    }

    /** Delay from the model to the browser, the given share of tokens being faster. */
    Duration delay(double share) {
        long[] sorted = Arrays.copyOf(delays, delayCount);
        Arrays.sort(sorted);
        return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[(int) ((sorted.length - 1) * share)]);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        for (SocketChannel channel : stalled) {
            channel.close();
        }
        selector.close();
    }

    private static SocketChannel connect(int port, String prompt, int receiveBufferBytes) throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (receiveBufferBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
        }
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.write(ByteBuffer.wrap(
                ("GET /stream?prompt=" + prompt + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(ISO_8859_1)));
        return channel;
    }

    private void readOnce(long waitMillis) throws IOException {
        if (waitMillis == 0) {
            selector.selectNow();
        } else {
            selector.select(waitMillis);
        }
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            read(key, now);
        }
        selector.selectedKeys().clear();
    }

    private void read(SelectionKey key, long now) throws IOException {
        buffer.clear();
        int count = ((SocketChannel) key.channel()).read(buffer);
        Visitor visitor = (Visitor) key.attachment();
        if (count < 0 || visitor.read(new String(buffer.array(), 0, count, ISO_8859_1), now)) {
            key.channel().close();
        }
    }

    private void note(long delay) {
        if (delayCount == delays.length) {
            delays = Arrays.copyOf(delays, delayCount * 2);
        }
        delays[delayCount++] = delay;
    }

    private final class Visitor {

        private String rest = "";
        private int next;

        /** Whether the answer is over. */
        boolean read(String arrived, long now) {
            String text = rest + arrived;
            int end = text.lastIndexOf("\n\n") + 2;
            if (end < 2) {
                rest = text;
                return false;
            }
            rest = text.substring(end);
            String blocks = text.substring(0, end);
            for (int at = blocks.indexOf(TOKEN); at >= 0; at = blocks.indexOf(TOKEN, at + 1)) {
                int from = at + TOKEN.length();
                for (String token :
                        blocks.substring(from, blocks.indexOf('"', from)).split(" ")) {
                    check(token, now);
                }
            }
            if (blocks.contains("event:complete")) {
                complete++;
                return true;
            }
            return false;
        }

        private void check(String token, long now) {
            int colon = token.indexOf(':');
            if (Integer.parseInt(token.substring(0, colon)) != next++) {
                throw new AssertionError("Token " + (next - 1) + " is missing or out of order: " + token);
            }
            note(now - Long.parseLong(token.substring(colon + 1)));
        }
    }
}
