package dev.aistream.chat;

import java.util.List;

/** One turn of a conversation. What is said never appears in {@code toString}. */
public sealed interface Message {

    static Message system(String text) {
        return new System(text);
    }

    static Message user(String text) {
        return new User(List.of(new Content.Text(text)));
    }

    static Message user(Content... content) {
        return new User(List.of(content));
    }

    static Message assistant(String text) {
        return new Assistant(List.of(new Content.Text(text)));
    }

    static Message toolResult(ToolCall call, String output) {
        return new ToolResult(call.id(), call.name(), output, false);
    }

    /**
     * Instructions. Providers that take them only at the top get them there.
     *
     * @param text the instructions
     */
    record System(String text) implements Message {
        @Override
        public String toString() {
            return "System[" + text.length() + " chars]";
        }
    }

    /**
     * What the user said.
     *
     * @param content text and images, in order
     */
    record User(List<Content> content) implements Message {
        public User {
            content = List.copyOf(content);
        }
    }

    /**
     * What the model answered: {@link ChatResponse#message()} of an earlier call, or one of your own.
     *
     * @param content text, reasoning and tool calls, in order
     */
    record Assistant(List<Content> content) implements Message {
        public Assistant {
            content = List.copyOf(content);
        }
    }

    /**
     * What a tool answered.
     *
     * @param callId {@link ToolCall#id()}
     * @param toolName {@link ToolCall#name()}
     * @param output text or JSON
     * @param error whether the tool failed
     */
    record ToolResult(String callId, String toolName, String output, boolean error) implements Message {
        @Override
        public String toString() {
            return "ToolResult[" + toolName + ", id=" + callId + ", " + output.length() + " chars]";
        }
    }
}
