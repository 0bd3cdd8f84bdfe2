package dev.aistream.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One request that a {@link ScriptedServer} has read, and what became of its response. Every wait is bounded and
 * ends with an {@link AssertionError} if it was in vain. Thread-safe.
 */
public final class Exchange {

    private final Request request;
    private final ServerConnection connection;
    private final CountDownLatch finished = new CountDownLatch(1);
    private Script script = Script.empty();
    private volatile long bytesWritten;
    private volatile long lastWrite = System.nanoTime();

    Exchange(Request request, ServerConnection connection) {
        this.request = request;
        this.connection = connection;
    }

    public String method() {
        return request.method();
    }

    /** Path and query, as sent. */
    public String path() {
        return request.path();
    }

    /** First value of a header, by case-insensitive name; null where the client sent none. */
    public @Nullable String header(String name) {
        List<String> values = request.headers().get(name);
        return values == null ? null : values.get(0);
    }

    /** By case-insensitive name. */
    public Map<String, List<String>> headers() {
        return request.headers();
    }

    /** The body, without the HTTP chunks it may have come in. */
    public String body() {
        return new String(request.body(), UTF_8);
    }

    /** Number of the connection, from 0 in order of arrival: the same number means that it was used again. */
    public int connection() {
        return connection.number();
    }

    /** Bytes that the socket has taken, head and chunk sizes included. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Waits until the script has come to its end, or has failed because the client left. */
    public void awaitFinished(Duration atMost) {
        if (!await(finished, atMost)) {
            throw new AssertionError("the script has not ended within " + atMost);
        }
    }

    /** Waits until the client leaves the connection. */
    public ClientClose awaitClientClosed(Duration atMost) {
        ClientClose close = await(connection.closedSignal(), atMost) ? connection.clientClose() : null;
        if (close == null) {
            throw new AssertionError("the client has not closed within " + atMost + ", " + bytesWritten + " written");
        }
        return close;
    }

    /**
     * Waits until no write has succeeded for a while: the client reads no more and the socket's buffers are full.
     * @param quiet how long nothing must move, from now on
     * @return the bytes written until then
     */
    public long awaitStall(Duration quiet, Duration atMost) {
        long start = System.nanoTime();
        long deadline = start + atMost.toNanos();
        while (true) {
            long remaining = Math.max(start, lastWrite) + quiet.toNanos() - System.nanoTime();
            if (remaining <= 0) {
                return bytesWritten;
            }
            if (System.nanoTime() + remaining > deadline) {
                throw new AssertionError("still writing after " + atMost + ", " + bytesWritten + " written");
            }
            if (await(finished, Duration.ofNanos(remaining))) {
                throw new AssertionError("the script has ended, " + bytesWritten + " written");
            }
        }
    }

    void write(byte[] bytes) throws IOException {
        connection.write(bytes);
        bytesWritten += bytes.length;
        lastWrite = System.nanoTime();
    }

    void pause(Duration time) throws InterruptedException {
        NANOSECONDS.sleep(time.toNanos());
    }

    void close() throws IOException {
        connection.finish();
    }

    void reset() throws IOException {
        connection.reset();
    }

    void answerWith(Script script) {
        this.script = script;
    }

    void play() throws IOException, InterruptedException {
        try {
            script.play(this);
        } finally {
            finished();
        }
    }

    void finished() {
        finished.countDown();
    }

    @Override
    public String toString() {
        return method() + " " + path() + " on connection " + connection();
    }

    private static boolean await(CountDownLatch latch, Duration atMost) {
        try {
            return latch.await(atMost.toNanos(), NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
