package dev.aistream;

import dev.aistream.ChatCallListener.Attempt;
import dev.aistream.ChatCallListener.Outcome;
import dev.aistream.chat.ChatException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener, and lets none of them harm the call. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(ChatCallListener.class);

    private final List<ChatCallListener> listeners;

    Listeners(List<ChatCallListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void attemptStarted(Attempt attempt) {
        tell(listener -> listener.attemptStarted(attempt));
    }

    void attemptFailed(Attempt attempt, ChatException failure) {
        tell(listener -> listener.attemptFailed(attempt, failure));
    }

    void firstToken(Attempt attempt, Duration elapsed) {
        tell(listener -> listener.firstToken(attempt, elapsed));
    }

    void ended(Attempt attempt, Outcome outcome) {
        tell(listener -> listener.ended(attempt, outcome));
    }

    private void tell(Consumer<ChatCallListener> news) {
        for (ChatCallListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (Throwable failure) {
                // An Error, too: the call has a reader who waits for its end.
                log.warn("Listener {} failed", listener.getClass().getName(), failure);
            }
        }
    }
}
