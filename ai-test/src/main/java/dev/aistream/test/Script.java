package dev.aistream.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedServer} does once it has read a request: bytes, pauses and the way it leaves.
 *
 * <p>Each writing step is one write to the socket, flushed. A script that neither closes nor resets leaves the
 * connection open, for the next request or for the client to close.
 *
 * <pre>{@code
 * Script.eventStream().event("{\"text\":\"hel\"}").await(signal).event("{\"text\":\"lo\"}").event("[DONE]").end()
 * }</pre>
 *
 * <p>Immutable: every method returns a longer script, and one script serves any number of requests.
 */
public final class Script {

    private static final Script EMPTY = new Script(null, exchange -> {});
    private static final byte[] CRLF = {'\r', '\n'};

    private final @Nullable Script before;
    private final Step step;

    private Script(@Nullable Script before, Step step) {
        this.before = before;
        this.step = step;
    }

    /** Nothing yet, the head included. */
    public static Script empty() {
        return EMPTY;
    }

    /**
     * A response head, and nothing of a body.
     * @param status HTTP status
     * @param headers lines such as {@code Retry-After: 1}
     */
    public static Script head(int status, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Scripted\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return EMPTY.write(head.append("\r\n").toString());
    }

    /** The head of a 200 {@code text/event-stream} in HTTP chunks; end it with {@link #end()}. */
    public static Script eventStream() {
        return chunked("text/event-stream");
    }

    /** The head of a 200 in HTTP chunks; end it with {@link #end()}. */
    public static Script chunked(String contentType) {
        return head(200, "Content-Type: " + contentType, "Transfer-Encoding: chunked");
    }

    /**
     * A whole response with its {@code Content-Length}.
     * @param headers lines such as {@code Retry-After: 1}, added to those two
     */
    public static Script response(int status, String contentType, String body, String... headers) {
        String[] lines = new String[headers.length + 2];
        lines[0] = "Content-Type: " + contentType;
        lines[1] = "Content-Length: " + body.getBytes(UTF_8).length;
        System.arraycopy(headers, 0, lines, 2, headers.length);
        return head(status, lines).write(body);
    }

    /** A whole JSON response, as {@link #response}. */
    public static Script json(int status, String body, String... headers) {
        return response(status, "application/json", body, headers);
    }

    /** Bytes as they are. */
    public Script write(byte[] bytes) {
        byte[] copy = bytes.clone();
        return then(exchange -> exchange.write(copy));
    }

    /** UTF-8 as it is. */
    public Script write(String text) {
        return write(text.getBytes(UTF_8));
    }

    /** One HTTP chunk, not empty: {@link #end()} writes the empty one. */
    public Script chunk(byte[] bytes) {
        return write(framed(bytes));
    }

    /** One HTTP chunk of UTF-8. */
    public Script chunk(String text) {
        return chunk(text.getBytes(UTF_8));
    }

    /** One SSE event of one {@code data} line, in one HTTP chunk. */
    public Script event(String data) {
        return chunk("data: " + data + "\n\n");
    }

    /**
     * A body, cut: each piece is one HTTP chunk.
     * @param sizes lengths of the pieces, none of them zero; what remains after them is the last piece
     */
    public Script chunks(byte[] body, int... sizes) {
        byte[] copy = body.clone();
        int[] lengths = sizes.clone();
        return then(exchange -> {
            int from = 0;
            for (int length : lengths) {
                exchange.write(framed(copy, from, length));
                from += length;
            }
            if (from < copy.length) {
                exchange.write(framed(copy, from, copy.length - from));
            }
        });
    }

    /**
     * HTTP chunks, made as they are written.
     * @param chunk from the running number, from 0, to the bytes of one chunk
     */
    public Script chunks(long count, LongFunction<String> chunk) {
        return then(exchange -> {
            for (long number = 0; number < count; number++) {
                exchange.write(framed(chunk.apply(number).getBytes(UTF_8)));
            }
        });
    }

    /** HTTP chunks without end: until the client closes, or the server is closed. */
    public Script endlessChunks(LongFunction<String> chunk) {
        return chunks(Long.MAX_VALUE, chunk);
    }

    /** A chunk whose size is no number. */
    public Script malformedChunk() {
        return write("zz\r\n");
    }

    /** The last HTTP chunk. The connection can serve another request. */
    public Script end() {
        return write("0\r\n\r\n");
    }

    /** Waits. */
    public Script pause(Duration time) {
        return then(exchange -> exchange.pause(time));
    }

    /** Waits until the test counts {@code signal} down. */
    public Script await(CountDownLatch signal) {
        return then(exchange -> signal.await());
    }

    /** Counts {@code signal} down: tells the test that the script has come this far. */
    public Script signal(CountDownLatch signal) {
        return then(exchange -> signal.countDown());
    }

    /** Ends the server's side of the connection with FIN. */
    public Script close() {
        return then(Exchange::close);
    }

    /** Ends the connection with RST. */
    public Script reset() {
        return then(Exchange::reset);
    }

    void play(Exchange exchange) throws IOException, InterruptedException {
        Deque<Step> steps = new ArrayDeque<>();
        for (Script script = this; script != null; script = script.before) {
            steps.push(script.step);
        }
        for (Step next : steps) {
            next.run(exchange);
        }
    }

    private Script then(Step next) {
        return new Script(this, next);
    }

    private static byte[] framed(byte[] bytes) {
        return framed(bytes, 0, bytes.length);
    }

    private static byte[] framed(byte[] bytes, int from, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("an empty HTTP chunk ends the body");
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(length + 16);
        chunk.writeBytes(Integer.toHexString(length).getBytes(UTF_8));
        chunk.writeBytes(CRLF);
        chunk.write(bytes, from, length);
        chunk.writeBytes(CRLF);
        return chunk.toByteArray();
    }

    @FunctionalInterface
    private interface Step {
        void run(Exchange exchange) throws IOException, InterruptedException;
    }
}
