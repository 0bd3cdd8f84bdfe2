package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.Content;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An item of the answer that is open: what came of it and is needed when it ends.
 *
 * <p>What a provider sends whole and has not streamed is emitted when it comes whole, so that nothing is lost where
 * there are no deltas; what was streamed is never repeated.
 */
abstract class ResponsesItem {

    /** How an item came to its end. */
    enum Ending {
        /** The provider said so, of the item or of the whole answer. */
        DONE,
        /** The answer was cut, and the item perhaps with it. */
        LEFT_OPEN
    }

    final AnswerWriter answer;
    private final long outputIndex;
    private byte[] id = {};

    ResponsesItem(long outputIndex, AnswerWriter answer) {
        this.outputIndex = outputIndex;
        this.answer = answer;
    }

    final long outputIndex() {
        return outputIndex;
    }

    final byte[] id() {
        return id;
    }

    /** What the provider said about the item when it began, or when it ended. */
    void describe(Map<String, ?> item) {
        if (id.length == 0 && item.get(ResponsesInputWriter.ID) instanceof String given) {
            id = given.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A fragment, of the kind that its event's type says. */
    abstract void delta(int type, long part, String fragment, ChatEventSink out);

    /** A text, whole, of the kind that its event's type says. */
    abstract void whole(int type, long part, String text, ChatEventSink out);

    /** A part begins. */
    void partAdded(long part, Map<String, ?> value) {}

    /** A part is whole; its text was told before, unless the provider sends none but this. */
    void partDone(long part, Map<String, ?> value, ChatEventSink out) {}

    /** What a text refers to. */
    void annotation(long part, Object annotation) {}

    /** How likely each token of a text was. */
    void logprobs(long part, List<?> logprobs) {}

    /**
     * The item ends.
     * @param item the item, whole; null where the provider has not sent it
     */
    abstract void end(Ending ending, @Nullable Map<String, ?> item, ChatEventSink out);

    static String string(@Nullable Object value) {
        return value instanceof String string ? string : "";
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    /**
     * An item that only the provider understands: a tool that it runs itself, its approval, its result. It is kept
     * whole, so that it can be sent back.
     */
    static final class Hosted extends ResponsesItem {

        private final String provider;

        Hosted(String provider, long outputIndex, AnswerWriter answer) {
            super(outputIndex, answer);
            this.provider = provider;
        }

        @Override
        void delta(int type, long part, String fragment, ChatEventSink out) {}

        @Override
        void whole(int type, long part, String text, ChatEventSink out) {}

        @Override
        void end(Ending ending, @Nullable Map<String, ?> item, ChatEventSink out) {
            if (item != null) {
                answer.output(new NativeContent(new Content.Native(provider, item)), out);
            }
        }
    }
}
