package dev.aistream.autoconfigure.relay.webmvc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/** Writes down how it is completed. */
final class RecordedEmitter extends ResponseBodyEmitter {

    private final List<Object> completions = new CopyOnWriteArrayList<>();

    /** The failure, or the word {@code complete}. */
    List<Object> completions() {
        return completions;
    }

    @Override
    public void complete() {
        completions.add("complete");
    }

    @Override
    public void completeWithError(Throwable failure) {
        completions.add(failure);
    }
}
