package dev.aistream.benchmarks.macro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Many browsers on one thread: {@code PORT PATH BROWSERS MILLIS}. Each asks for an answer with a token every so many
 * milliseconds, and reads it to its end. Their delays are taken while the runner's window is open.
 */
final class CrowdMain {

    private static final int JOINING_AT_ONCE = 20;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final Delays delays = new Delays();
    private final int browsers;
    private final int millis;
    private int joined;
    private int ended;
    private long tokens;
    private long windowStart;

    private CrowdMain(int browsers, int millis) throws IOException {
        this.browsers = browsers;
        this.millis = millis;
    }

    public static void main(String[] arguments) throws Exception {
        CrowdMain crowd = new CrowdMain(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        Thread reading = crowd.start(Integer.parseInt(arguments[0]), arguments[1]);
        Control.serve(Map.of("start", crowd::open, "stop", crowd::close, "end", () -> {
            reading.join();
            return Control.of("read", crowd.tokens);
        }));
    }

    /** A crowd in this process, whose delays nobody takes; the thread ends with the last answer. */
    static Thread start(int port, String path, int browsers, int millis) throws IOException {
        return new CrowdMain(browsers, millis).start(port, path);
    }

    private Thread start(int port, String path) {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", port);
        byte[] request = ("GET " + path + "?prompt=" + ChunkServer.paced(millis)
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(ISO_8859_1);
        Thread reading = new Thread(() -> read(server, request));
        reading.setDaemon(true);
        reading.start();
        return reading;
    }

    private Figures open() {
        windowStart = System.nanoTime();
        delays.open();
        return Control.of("started", 1);
    }

    private Figures close() {
        delays.close();
        double windowMillis = (System.nanoTime() - windowStart) / 1e6;
        Map<String, Double> values = new TreeMap<>();
        values.put("tokens", (double) delays.count());
        values.put("p50Millis", delays.quantile(0.5));
        values.put("p99Millis", delays.quantile(0.99));
        values.put("onTime", delays.count() / (windowMillis / millis * browsers));
        return new Figures(values);
    }

    private void read(InetSocketAddress server, byte[] request) {
        try (selector) {
            long lastRead = System.nanoTime();
            while (ended < browsers && System.nanoTime() - lastRead < SILENCE_NANOS) {
                join(server, request);
                if (selector.select(joined < browsers ? 10 : 100) > 0) {
                    lastRead = System.nanoTime();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A few more browsers. */
    private void join(InetSocketAddress server, byte[] request) throws IOException {
        for (int i = 0; i < JOINING_AT_ONCE && joined < browsers; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Browser());
            joined++;
        }
    }

    private void read(SelectionKey key) throws IOException {
        Browser browser = (Browser) key.attachment();
        buffer.clear();
        int count = ((SocketChannel) key.channel()).read(buffer);
        for (int at = 0; at < count; at++) {
            browser.next(buffer.get(at));
        }
        if (browser.ended) {
            tokens += browser.received;
        }
        if (browser.ended || count < 0) {
            ended++;
            key.channel().close();
        }
    }

    /** One that reads a response in HTTP chunks. */
    private final class Browser {

        private static final int HEAD = -1;
        private static final int SIZE = -2;

        private final Stamps stamps = new Stamps(this::token);
        /** Bytes of the HTTP chunk still to come, the line end after them included, or what is read instead. */
        private int left = HEAD;

        private int newLines;
        private int size;
        private int received;
        private boolean ended;

        private void token(long sent) {
            received++;
            delays.add(System.nanoTime() - sent);
        }

        private void next(byte b) {
            if (left == HEAD) {
                newLines = b == '\n' ? newLines + 1 : b == '\r' ? newLines : 0;
                left = newLines == 2 ? SIZE : HEAD;
            } else if (left == SIZE) {
                if (b == '\n') {
                    ended = size == 0;
                    left = size + 2;
                    size = 0;
                } else if (b != '\r') {
                    size = size * 16 + Character.digit(b, 16);
                }
            } else {
                left--;
                if (left >= 2) {
                    stamps.next(b);
                } else if (left == 0) {
                    left = SIZE;
                }
            }
        }
    }
}
