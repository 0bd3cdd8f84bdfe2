package dev.aistream.autoconfigure.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A browser at the level of its socket: it can stop reading, leave, and reset. */
final class Browser implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;
    private final Map<String, String> headers = new HashMap<>();
    private int status;
    private boolean chunked;
    private long left;
    private boolean bodyIsOver;

    private Browser(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 512);
    }

    static Browser open(int port) {
        return open(port, 0);
    }

    /** With a small receive buffer a stalled browser is felt after fewer bytes. */
    static Browser open(int port, int receiveBufferBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            return new Browser(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a request and reads nothing. */
    Browser request(String method, String pathAndQuery, String body, String... headerLines) {
        StringBuilder request = new StringBuilder(method + " " + pathAndQuery + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String line : headerLines) {
            request.append(line).append("\r\n");
        }
        byte[] bytes = body.getBytes(UTF_8);
        if (bytes.length > 0) {
            request.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        try {
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    int status() {
        readHead();
        return status;
    }

    @Nullable
    String header(String name) {
        readHead();
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The next block of the event stream, with its empty line; empty at the end of the body. */
    String block() {
        readHead();
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int last = 0;
        for (int b = read(); b >= 0; b = read()) {
            block.write(b);
            if (b == '\n' && last == '\n') {
                break;
            }
            last = b;
        }
        return block.toString(UTF_8);
    }

    /** Everything to the end of the body. */
    String rest() {
        readHead();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int b = read(); b >= 0; b = read()) {
            rest.write(b);
        }
        return rest.toString(UTF_8);
    }

    /** Whether the server has closed the connection, found out without reading. */
    boolean isClosedByServer() {
        try {
            socket.getOutputStream().write('\n');
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Leaves with a reset, as a crashed browser does. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private int read() {
        try {
            if (bodyIsOver) {
                return -1;
            }
            if (chunked && left == 0) {
                nextChunk();
            }
            if (left == 0) {
                bodyIsOver = true;
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException("The connection was closed within the body");
            }
            if (--left == 0 && chunked) {
                line();
            }
            return b;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void nextChunk() throws IOException {
        left = Long.parseLong(line(), 16);
        if (left == 0) {
            line();
        }
    }

    private void readHead() {
        if (status != 0) {
            return;
        }
        try {
            status = Integer.parseInt(line().split(" ")[1]);
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.merge(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim(),
                        (one, two) -> one + ", " + two);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        chunked = "chunked".equals(headers.get("transfer-encoding"));
        left = Long.parseLong(headers.getOrDefault("content-length", "0"));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The connection was closed within the head");
            }
            line.write(b);
        }
        return line.toString(UTF_8).stripTrailing();
    }
}
