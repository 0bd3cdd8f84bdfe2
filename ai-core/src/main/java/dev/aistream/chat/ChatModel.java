package dev.aistream.chat;

import reactor.core.publisher.Flux;

/**
 * One provider of language models: all that somebody who adds a provider has to implement.
 *
 * <p>Thread-safe: one instance serves every request.
 */
public interface ChatModel {

    /**
     * Name by which requests, properties and metrics refer to this provider.
     * @return a short lower-case name, such as {@code openai}
     */
    String name();

    /**
     * One attempt at one call. Retry, fallback, the total timeout, the partial result and observation are
     * the business of {@link dev.aistream.AiStreamingTemplate}.
     * @param request what to ask; its provider is this one, its model without the provider's prefix, or null for this
     *     provider's default
     * @return a cold stream that sends the request once for each subscription. It begins with
     *     {@link ChatEvent.ResponseStart} when the first output has come, and
     *     <ul>
     *       <li>completes after {@link ChatEvent.ResponseEnd}, when the provider's own completion signal was seen,
     *       <li>or fails with {@link ChatException}, and nothing else;
     *       <li>cancelling closes the provider's connection.
     *     </ul>
     *     It emits no more than was requested of it, and reads no more from the network than that needs.
     */
    Flux<ChatEvent> stream(ChatRequest request);
}
