package dev.aistream.autoconfigure.relay;

import dev.aistream.chat.ChatRequest;
import org.jspecify.annotations.Nullable;

/**
 * Has the last word on what the relay endpoint asks the model, such as a system message of the application or a model
 * by user: declare it as a bean.
 */
@FunctionalInterface
public interface RelayRequestCustomizer {

    /**
     * Changes the request before it is built. Must not block on the reactive stack.
     * @param request holds what the browser sent, checked
     * @param user name of the signed-in user; null where there is none
     */
    void customize(ChatRequest.Builder request, @Nullable String user);
}
