package dev.aistream.provider.anthropic;

import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.Content;
import dev.aistream.json.JsonBalance;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A content block that is open: what came of it and is needed when it ends.
 *
 * <p>A block of text or thinking begins with its first fragment, for an empty one is nothing.
 */
abstract class AnthropicContentBlock {

    final String id;
    final AnswerWriter answer;

    AnthropicContentBlock(String id, AnswerWriter answer) {
        this.id = id;
        this.answer = answer;
    }

    /** How a block came to its end. */
    enum Ending {
        /** The provider said so. */
        STOPPED,
        /** The answer ended, and the provider has not said so. */
        LEFT_OPEN,
        /** Another block, or another message, took its place. */
        REPLACED
    }

    /** Whether fragments that come in this member of a delta belong to a block of this kind. */
    abstract boolean takes(int member);

    /** A fragment of text, thinking or input, by the member of the delta that it came in. */
    abstract void fragment(int member, String fragment, ChatEventSink out);

    /** A citation; other blocks than text have none. */
    void citation(Object citation) {}

    abstract void end(Ending ending, ChatEventSink out);

    /** Text with citations. */
    static final class Text extends AnthropicContentBlock {

        private final SurrogateJoiner surrogates = new SurrogateJoiner();
        private @Nullable List<Object> citations;
        private boolean begun;

        Text(String id, AnswerWriter answer) {
            super(id, answer);
        }

        @Override
        boolean takes(int member) {
            return member == AnthropicWire.TEXT;
        }

        @Override
        void fragment(int member, String fragment, ChatEventSink out) {
            String whole = surrogates.join(fragment);
            if (!whole.isEmpty()) {
                emit(whole, out);
            }
        }

        private void emit(String text, ChatEventSink out) {
            begin(out);
            out.next(new TextDelta(id, text));
        }

        private void begin(ChatEventSink out) {
            if (!begun) {
                begun = true;
                answer.output(new TextStart(id), out);
            }
        }

        @Override
        void citation(Object citation) {
            if (citations == null) {
                citations = new ArrayList<>();
            }
            citations.add(citation);
        }

        @Override
        void end(Ending ending, ChatEventSink out) {
            String lone = surrogates.end();
            if (!lone.isEmpty()) {
                emit(lone, out);
            }
            if (citations != null) {
                begin(out);
            }
            if (begun) {
                out.next(new TextEnd(id, citations == null ? Map.of() : Map.of("citations", citations)));
            }
        }
    }

    /** Thinking with the signature that it must be sent back with. */
    static final class Thinking extends AnthropicContentBlock {

        private final SurrogateJoiner surrogates = new SurrogateJoiner();
        private String signature = "";
        private boolean begun;

        Thinking(String id, AnswerWriter answer) {
            super(id, answer);
        }

        @Override
        boolean takes(int member) {
            return member == AnthropicWire.THINKING || member == AnthropicWire.SIGNATURE;
        }

        @Override
        void fragment(int member, String fragment, ChatEventSink out) {
            if (member == AnthropicWire.SIGNATURE) {
                signature = fragment.isEmpty() ? signature : fragment;
            } else {
                String whole = surrogates.join(fragment);
                if (!whole.isEmpty()) {
                    emit(whole, out);
                }
            }
        }

        private void emit(String thinking, ChatEventSink out) {
            begin(out);
            out.next(new ReasoningDelta(id, thinking));
        }

        private void begin(ChatEventSink out) {
            if (!begun) {
                begun = true;
                answer.output(new ReasoningStart(id), out);
            }
        }

        @Override
        void end(Ending ending, ChatEventSink out) {
            String lone = surrogates.end();
            if (!lone.isEmpty()) {
                emit(lone, out);
            }
            if (!signature.isEmpty()) {
                begin(out);
            }
            if (begun) {
                out.next(new ReasoningEnd(id, signature.isEmpty() ? Map.of() : Map.of("signature", signature)));
            }
        }
    }

    /** A call of one of the request's tools; its id is the provider's. */
    static final class ToolUse extends AnthropicContentBlock {

        static final String NO_INPUT = "{}";

        private final JsonBalance arguments = new JsonBalance();
        private final SurrogateJoiner surrogates = new SurrogateJoiner();
        private final String wholeInput;
        private final Map<String, ?> metadata;

        /**
         * Begins the call.
         * @param wholeInput the input that the block began with; counts where no fragment comes
         */
        ToolUse(
                String id,
                String name,
                String wholeInput,
                Map<String, ?> metadata,
                AnswerWriter answer,
                ChatEventSink out) {
            super(id, answer);
            this.wholeInput = wholeInput;
            this.metadata = metadata;
            answer.output(new ToolCallStart(id, name), out);
        }

        @Override
        boolean takes(int member) {
            return member == AnthropicWire.PARTIAL_JSON;
        }

        @Override
        void fragment(int member, String fragment, ChatEventSink out) {
            if (!fragment.isEmpty()) {
                arguments.feed(fragment);
                emit(surrogates.join(fragment), out);
            }
        }

        private void emit(String fragment, ChatEventSink out) {
            if (!fragment.isEmpty()) {
                out.next(new ToolCallDelta(id, fragment));
            }
        }

        /** Whether it ended without input, which a limit of tokens may have cut off. */
        boolean endsWithoutInput() {
            return arguments.isEmpty() && wholeInput.equals(NO_INPUT);
        }

        @Override
        void end(Ending ending, ChatEventSink out) {
            boolean whole = ending == Ending.STOPPED || !wholeInput.equals(NO_INPUT);
            if (arguments.isEmpty() && whole && ending != Ending.REPLACED) {
                fragment(AnthropicWire.PARTIAL_JSON, wholeInput, out);
            }
            emit(surrogates.end(), out);
            boolean complete = ending != Ending.REPLACED && arguments.isWhole();
            out.next(new ToolCallEnd(id, complete, metadata));
        }
    }

    /**
     * A block that only the provider understands: a tool that it runs itself, that tool's result, a redacted thought.
     * It is kept whole, so that it can be sent back.
     */
    static final class Native extends AnthropicContentBlock {

        private static final String INPUT = "input";

        private final String provider;
        private final Map<String, @Nullable Object> block;
        private final Map<String, StringBuilder> streamed = new LinkedHashMap<>();

        Native(String provider, Map<String, @Nullable Object> block, AnswerWriter answer) {
            super("", answer);
            this.provider = provider;
            this.block = block;
        }

        @Override
        boolean takes(int member) {
            return true;
        }

        @Override
        void fragment(int member, String fragment, ChatEventSink out) {
            String name = switch (member) {
                case AnthropicWire.PARTIAL_JSON -> INPUT;
                case AnthropicWire.TEXT -> "text";
                case AnthropicWire.THINKING -> "thinking";
                case AnthropicWire.SIGNATURE -> "signature";
                default -> "content";
            };
            if (!fragment.isEmpty()) {
                streamed.computeIfAbsent(name, ignored -> new StringBuilder()).append(fragment);
            }
        }

        @Override
        void end(Ending ending, ChatEventSink out) {
            streamed.forEach(
                    (name, text) -> block.put(name, name.equals(INPUT) ? parsed(text.toString()) : text.toString()));
            answer.output(new NativeContent(new Content.Native(provider, block)), out);
        }

        /** Input that was cut is no JSON: its text is all there is. */
        private static @Nullable Object parsed(String json) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            JsonReader reader = new JsonReader();
            reader.reset(bytes, 0, bytes.length);
            try {
                Object value = reader.readValue();
                reader.end();
                return value;
            } catch (JsonSyntaxException cut) {
                return json;
            }
        }
    }
}
