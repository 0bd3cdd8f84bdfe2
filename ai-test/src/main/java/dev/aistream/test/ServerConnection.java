package dev.aistream.test;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection. One thread reads requests, and so notices a client that leaves at any time; another
 * plays the scripts, one after the other.
 */
final class ServerConnection {

    private static final long STACK_BYTES = 256 * 1024;
    private static final long WRITE_FAILURE_MILLIS = 20;

    private final int number;
    private final Socket socket;
    private final ScriptedServer server;
    private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock writing = new ReentrantLock();
    private final Thread reader;
    private final Thread player;
    private volatile @Nullable ClientClose clientClose;
    private volatile boolean writeFailed;
    private volatile boolean closedByServer;
    private volatile boolean ended;

    ServerConnection(int number, Socket socket, ScriptedServer server) {
        this.number = number;
        this.socket = socket;
        this.server = server;
        this.reader = thread("reader", this::read);
        this.player = thread("player", this::play);
    }

    private Thread thread(String role, Runnable task) {
        Thread thread = new Thread(null, task, "scripted-server-" + role + "-" + number, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        reader.start();
        player.start();
    }

    int number() {
        return number;
    }

    CountDownLatch closedSignal() {
        return closed;
    }

    @Nullable
    ClientClose clientClose() {
        return clientClose;
    }

    void write(byte[] bytes) throws IOException {
        writing.lock();
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            writeFailed = true;
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Sends FIN and goes on reading, for bytes left unread would turn a close into RST. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        closedByServer = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends the connection and waits for its threads, briefly. */
    void stop() {
        closedByServer = true;
        closeQuietly();
        player.interrupt();
    }

    void join(long millis) throws InterruptedException {
        reader.join(millis);
        player.join(millis);
    }

    private void read() {
        ClientClose.Kind kind = ClientClose.Kind.FIN;
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request request = Request.read(in); request != null; request = Request.read(in)) {
                waiting.add(server.arrived(request, this));
                if (ended) {
                    finishWaiting();
                }
            }
        } catch (IOException e) {
            kind = ClientClose.Kind.RST;
        }
        left(kind, System.nanoTime());
    }

    private void left(ClientClose.Kind kind, long nanoTime) {
        if (!closedByServer) {
            clientClose = new ClientClose(writeHasFailed() ? ClientClose.Kind.RST : kind, nanoTime);
        }
        closeQuietly();
        player.interrupt();
        server.left(this);
        closed.countDown();
    }

    /** A write that meets the RST takes the error with it, and the reading thread sees a mere end. */
    private boolean writeHasFailed() {
        try {
            if (writing.tryLock(WRITE_FAILURE_MILLIS, TimeUnit.MILLISECONDS)) {
                writing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return writeFailed;
    }

    private void play() {
        try {
            while (true) {
                Exchange exchange = waiting.take();
                exchange.play();
            }
        } catch (InterruptedException e) {
            // The client has left, or the server is being closed: what remains of the script has no reader.
        } catch (IOException e) {
            // The client has left in the middle of a write; the reading thread reports how.
        } catch (RuntimeException e) {
            stop();
            throw e;
        } finally {
            ended = true;
            finishWaiting();
        }
    }

    private void finishWaiting() {
        for (Exchange exchange = waiting.poll(); exchange != null; exchange = waiting.poll()) {
            exchange.finished();
        }
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing to save: the connection is being given up.
        }
    }
}
