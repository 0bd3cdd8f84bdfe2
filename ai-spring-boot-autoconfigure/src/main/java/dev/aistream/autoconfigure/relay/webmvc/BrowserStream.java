package dev.aistream.autoconfigure.relay.webmvc;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServletServerHttpResponse;

/**
 * The body of the response to one browser.
 *
 * <p>Used by one thread at a time, but for {@link #release}, which the container's threads call.
 */
final class BrowserStream {

    private final ServletServerHttpResponse response;
    private final ListenerlessResponses listenerless;
    private @Nullable ServletOutputStream out;
    private boolean released;

    BrowserStream(ServletServerHttpResponse response, ListenerlessResponses listenerless) {
        this.response = response;
        this.listenerless = listenerless;
    }

    boolean isOpen() {
        return out != null;
    }

    /**
     * Opens the body, after which no status can be set; may wait for the thread that brought the request to be through
     * with it.
     * @return whether the listener was taken, to be told when the body can be written first
     */
    boolean open(WriteListener listener) throws IOException {
        // Hands the headers over. What it gives is Spring's, and can neither flush nor tell whether it is ready.
        response.getBody();
        ServletOutputStream body = response.getServletResponse().getOutputStream();
        out = body;
        if (listenerless.contains(response.getServletResponse())) {
            return false;
        }
        try {
            body.setWriteListener(listener);
            return true;
        } catch (IllegalStateException | UnsupportedOperationException refused) {
            return false;
        }
    }

    /** Neither by this response nor by those that are wrapped alike is a listener told. */
    void noteThatListenersAreIgnored() {
        listenerless.add(response.getServletResponse());
    }

    /** Whether all that was flushed has gone to the network, and more returns at once; if not, the listener is told. */
    boolean isReady() {
        return out().isReady();
    }

    void write(String block) throws IOException {
        out().write(block.getBytes(StandardCharsets.UTF_8));
    }

    void flush() throws IOException {
        out().flush();
    }

    /**
     * Has the container close the connection. To end the response properly would have one of its threads wait for the
     * browser. A channel that is written on an interrupted thread closes itself.
     * @return whether the container has noticed, and ends the response by itself
     */
    synchronized boolean cutOff() {
        HttpServletResponse container = withoutSpringsLock();
        if (released || container == null) {
            return released;
        }
        Thread.currentThread().interrupt();
        try {
            container.flushBuffer();
            return false;
        } catch (IOException closed) {
            return true;
        } catch (IllegalStateException notReady) {
            return false;
        } finally {
            Thread.interrupted();
        }
    }

    /** The container will use the response for another request. */
    synchronized void release() {
        released = true;
    }

    /** Spring's wrapper waits for its lock in a way that forgets the interrupt; our own lock stands in for it. */
    private @Nullable HttpServletResponse withoutSpringsLock() {
        return response.getServletResponse() instanceof HttpServletResponseWrapper springs
                        && springs.getResponse() instanceof HttpServletResponse beneath
                ? beneath
                : null;
    }

    private ServletOutputStream out() {
        ServletOutputStream body = out;
        if (body == null) {
            throw new IllegalStateException("The body is not open");
        }
        return body;
    }
}
