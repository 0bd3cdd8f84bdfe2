package dev.aistream.test;

import dev.aistream.chat.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * The bytes with which a provider answers, as far as {@link ChatModelContract} needs them. What it returns is UTF-8
 * text of the response body; pieces are written one after the other.
 */
public interface WireFormat {

    /** Media type of a streamed answer. */
    default String contentType() {
        return "text/event-stream";
    }

    /** What comes before the first piece of text; may be empty. */
    String begin();

    /**
     * One piece of text.
     * @param fragment the text, to be escaped as the format asks
     */
    String text(String fragment);

    /** What comes after the last piece of text: finish reason, usage and completion signal. */
    String end();

    /**
     * A failure inside the stream, after which nothing comes.
     * @param message the provider's message, to be escaped as the format asks
     */
    String error(String message);

    /** A piece that breaks the format, such as an event that is not JSON. */
    String malformed();

    /** A piece that shows that the provider lives but says nothing; null where the format has none. */
    default @Nullable String keepAlive() {
        return ": keep-alive\n\n";
    }

    /**
     * The body of a refused request, which some send with 200 in place of the stream.
     * @param message the provider's message, to be escaped as the format asks
     */
    String errorBody(String message);

    /** What {@link #end()} says. */
    default FinishReason finishReason() {
        return FinishReason.STOP;
    }

    /** Input tokens that {@link #end()} tells of; null where the format has no usage. */
    @Nullable
    Long inputTokens();

    /** Output tokens that {@link #end()} tells of; null where the format has no usage. */
    @Nullable
    Long outputTokens();

    /** A whole answer. */
    default String answer(String... fragments) {
        StringBuilder answer = new StringBuilder(begin());
        for (String fragment : fragments) {
            answer.append(text(fragment));
        }
        return answer.append(end()).toString();
    }
}
