package dev.aistream.autoconfigure.relay.webmvc;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletResponse;

/** A container's response whose readiness a test decides; it keeps to the rules of {@link WriteListener}. */
final class ScriptedResponse extends MockHttpServletResponse {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private @Nullable WriteListener listener;
    private @Nullable CountDownLatch refusal;
    private boolean forgetful;
    private boolean refusing;
    private boolean ready;
    private boolean owesCall;
    private boolean fullAfterNextFlush;
    private boolean fullAfterEachFlush;
    private boolean failing;
    private boolean failingWhenInterrupted;
    private boolean touched;
    private int flushes;
    private int interruptedFlushes;
    private String opener = "";
    private String writer = "";

    /** With a wrapper around it, as Spring has it. */
    ServletServerHttpResponse forSpring() {
        return new ServletServerHttpResponse(new HttpServletResponseWrapper(this));
    }

    // ---- what the container does -------------------------------------------------------------------------------

    void forgetsListener() {
        forgetful = true;
    }

    void refusesListener() {
        refusing = true;
    }

    synchronized void refusesWritesUntilItCalls(CountDownLatch refused) {
        refusal = refused;
    }

    synchronized void isFull() {
        ready = false;
    }

    synchronized void isFullAfterNextFlush() {
        fullAfterNextFlush = true;
    }

    synchronized void isFullAfterEachFlush() {
        fullAfterEachFlush = true;
    }

    synchronized void failsNextWrite() {
        failing = true;
    }

    void failsOnInterruptedThreads() {
        failingWhenInterrupted = true;
    }

    void callListener() {
        WriteListener called;
        synchronized (this) {
            called = listener;
            ready = true;
            owesCall = false;
            refusal = null;
        }
        call(called);
    }

    void callListenerIfItWaits() {
        WriteListener called = null;
        synchronized (this) {
            if (owesCall) {
                called = listener;
                ready = true;
                owesCall = false;
            }
        }
        if (called != null) {
            call(called);
        }
    }

    private static void call(@Nullable WriteListener listener) {
        try {
            if (listener == null) {
                throw new AssertionError("There is no listener");
            }
            listener.onWritePossible();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    void failListener() {
        if (listener != null) {
            listener.onError(new IOException("the browser has left"));
        }
    }

    // ---- what a test sees --------------------------------------------------------------------------------------

    synchronized String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    synchronized int flushes() {
        return flushes;
    }

    synchronized int interruptedFlushes() {
        return interruptedFlushes;
    }

    synchronized boolean hasListener() {
        return listener != null;
    }

    synchronized boolean isTouched() {
        return touched;
    }

    synchronized String opener() {
        return opener;
    }

    synchronized String writer() {
        return writer;
    }

    // ---- what the relay uses -----------------------------------------------------------------------------------

    @Override
    public ServletOutputStream getOutputStream() {
        synchronized (this) {
            touched = true;
        }
        return new Body();
    }

    @Override
    public void flushBuffer() {
        synchronized (this) {
            if (Thread.currentThread().isInterrupted()) {
                interruptedFlushes++;
                if (failingWhenInterrupted) {
                    ScriptedResponse.<RuntimeException>sneak(new IOException("closed by interrupt"));
                }
            }
        }
    }

    /** The mock's method declares none. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    private final class Body extends ServletOutputStream {

        @Override
        public boolean isReady() {
            synchronized (ScriptedResponse.this) {
                owesCall |= !ready;
                return ready;
            }
        }

        @Override
        public void setWriteListener(WriteListener next) {
            synchronized (ScriptedResponse.this) {
                if (refusing) {
                    throw new UnsupportedOperationException();
                }
                listener = next;
                opener = Thread.currentThread().getName();
                owesCall = true;
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (ScriptedResponse.this) {
                requireReady();
                if (failing) {
                    throw new IOException("broken pipe");
                }
                writer = Thread.currentThread().getName();
                written.write(bytes, offset, length);
            }
        }

        @Override
        public void write(int b) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void flush() {
            synchronized (ScriptedResponse.this) {
                requireReady();
                flushes++;
                ready = ready && !fullAfterNextFlush && !fullAfterEachFlush;
                fullAfterNextFlush = false;
            }
        }

        private void requireReady() {
            if (refusal != null) {
                refusal.countDown();
            }
            if (!ready && !forgetful && !refusing) {
                throw new IllegalStateException("not ready");
            }
        }
    }
}
