package dev.aistream.autoconfigure.relay.webmvc;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the response wrappers of filters whose output streams take no {@link jakarta.servlet.WriteListener}, or take it
 * and forget it.
 *
 * <p>Thread-safe.
 */
final class ListenerlessResponses {

    private static final Logger log = LoggerFactory.getLogger(WebMvcStreamRelay.class);

    private final Set<List<String>> wrappers = ConcurrentHashMap.newKeySet();

    boolean contains(ServletResponse response) {
        return !wrappers.isEmpty() && wrappers.contains(wrappersOf(response));
    }

    void add(ServletResponse response) {
        List<String> classes = wrappersOf(response);
        if (wrappers.add(classes)) {
            log.warn(
                    "Answers are written by threads that wait for the browser, since the response cannot tell when it can"
                            + " be written: one of its wrappers {} does not pass on setWriteListener and isReady. A"
                            + " browser that stalls holds a thread until the server's write timeout",
                    classes);
        }
    }

    private static List<String> wrappersOf(ServletResponse response) {
        List<String> classes = new ArrayList<>();
        ServletResponse next = response;
        while (next instanceof ServletResponseWrapper wrapper) {
            classes.add(wrapper.getClass().getName());
            next = wrapper.getResponse();
        }
        return classes;
    }
}
