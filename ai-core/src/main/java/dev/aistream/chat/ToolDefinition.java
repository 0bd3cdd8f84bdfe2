package dev.aistream.chat;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may ask for.
 *
 * @param name unique within a request; letters, digits, {@code _} and {@code -} are understood everywhere
 * @param description what it does, for the model
 * @param inputSchema JSON Schema of the arguments; an empty map means no arguments
 * @param strict whether the provider shall hold the model to the schema; null leaves the provider's default
 */
public record ToolDefinition(
        String name,
        @Nullable String description,
        Map<String, ?> inputSchema,
        @Nullable Boolean strict) {

    public ToolDefinition {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("A tool needs a name");
        }
        inputSchema = Json.copyOf(inputSchema);
    }

    public static ToolDefinition of(String name, String description, Map<String, ?> inputSchema) {
        return new ToolDefinition(name, description, inputSchema, null);
    }
}
