package dev.aistream.chat;

import java.util.Map;

/**
 * A tool that the model asks for.
 *
 * @param id the provider's id, or one that we made where it sends none; goes back with the result
 * @param name which tool
 * @param arguments JSON object as the model wrote it; not parsable where {@code complete} is false
 * @param complete false where the answer was cut before the arguments were whole: do not run it
 * @param metadata the provider's own, to send back
 */
public record ToolCall(String id, String name, String arguments, boolean complete, Map<String, ?> metadata) {

    public ToolCall {
        metadata = Json.copyOf(metadata);
    }

    public ToolCall(String id, String name, String arguments) {
        this(id, name, arguments, true, Map.of());
    }

    @Override
    public String toString() {
        return "ToolCall[" + name + ", id=" + id + ", arguments of " + arguments.length() + " chars"
                + (complete ? "]" : ", incomplete]");
    }
}
