package dev.aistream.test;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An HTTP/1.1 server on the loopback that writes exactly the bytes it is told to, when it is told to, and sees how
 * the client behaves.
 *
 * <pre>{@code
 * try (ScriptedServer server = ScriptedServer.start()) {
 *     server.enqueue(Script.eventStream().event("{...}").reset());
 *     ... call server.uri() ...
 *     Exchange exchange = server.takeExchange(Duration.ofSeconds(5));
 *     assertThat(exchange.header("Authorization")).isEqualTo("Bearer key");
 * }
 * }</pre>
 *
 * <p>Thread-safe. All threads are daemons and end with {@link #close()}.
 */
public final class ScriptedServer implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final long JOIN_MILLIS = 2000;

    private final ServerSocket socket;
    private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Exchange> arrivals = new LinkedBlockingQueue<>();
    private final List<Exchange> exchanges = new ArrayList<>();
    private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private final AtomicInteger connectionCount = new AtomicInteger();
    private volatile Function<Exchange, Script> otherwise =
            exchange -> Script.response(501, "text/plain", "no script for " + exchange);

    private ScriptedServer(ServerSocket socket) {
        this.socket = socket;
        this.acceptor = new Thread(this::accept, "scripted-server-acceptor-" + socket.getLocalPort());
        acceptor.setDaemon(true);
    }

    /** A server on a free port. */
    public static ScriptedServer start() {
        try {
            ScriptedServer server =
                    new ScriptedServer(new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1")));
            server.acceptor.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds scripts: each plays for one request, in order of arrival. */
    public ScriptedServer enqueue(Script... next) {
        scripts.addAll(List.of(next));
        return this;
    }

    /** Plays for every request that finds no script in the queue. Without it such a request gets status 501. */
    public ScriptedServer always(Script script) {
        return always(exchange -> script);
    }

    /** As {@link #always(Script)}, chosen by the request. */
    public ScriptedServer always(Function<Exchange, Script> chosen) {
        otherwise = chosen;
        return this;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** {@code http://127.0.0.1:port}, without a path. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Connections accepted so far. */
    public int connectionCount() {
        return connectionCount.get();
    }

    /** Connections that neither side has closed. */
    public int openConnections() {
        return open.size();
    }

    /** Requests read so far. */
    public int requestCount() {
        synchronized (exchanges) {
            return exchanges.size();
        }
    }

    /** All requests read so far, in order of arrival. */
    public List<Exchange> exchanges() {
        synchronized (exchanges) {
            return List.copyOf(exchanges);
        }
    }

    /** Waits for the next request that this method has not returned yet. */
    public Exchange takeExchange(Duration atMost) {
        try {
            Exchange exchange = arrivals.poll(atMost.toNanos(), NANOSECONDS);
            if (exchange == null) {
                throw new AssertionError("no request within " + atMost);
            }
            return exchange;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits until no connection is open. */
    public void awaitNoConnections(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (open) {
            while (!open.isEmpty()) {
                long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    throw new AssertionError(open.size() + " connections open after " + atMost);
                }
                waitOnOpen(remaining);
            }
        }
    }

    /** Stops listening, closes every connection and waits for the threads. */
    @Override
    public void close() {
        try {
            socket.close();
            acceptor.join(JOIN_MILLIS);
            List<ServerConnection> remaining = new ArrayList<>(open);
            remaining.forEach(ServerConnection::stop);
            for (ServerConnection connection : remaining) {
                connection.join(JOIN_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Exchange arrived(Request request, ServerConnection connection) {
        synchronized (exchanges) {
            Exchange exchange = new Exchange(request, connection);
            Script next = scripts.poll();
            exchange.answerWith(next != null ? next : otherwise.apply(exchange));
            exchanges.add(exchange);
            arrivals.add(exchange);
            return exchange;
        }
    }

    void left(ServerConnection connection) {
        synchronized (open) {
            open.remove(connection);
            open.notifyAll();
        }
    }

    private void waitOnOpen(long nanos) {
        try {
            NANOSECONDS.timedWait(open, Math.max(nanos, 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                accepted.setTcpNoDelay(true);
                ServerConnection connection = new ServerConnection(connectionCount.getAndIncrement(), accepted, this);
                open.add(connection);
                connection.start();
            } catch (IOException e) {
                // Closed, or a client that was gone before it was accepted.
            }
        }
    }
}
