package dev.aistream.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape that the answer's text shall have. */
public sealed interface ResponseFormat {

    /** Text without a given shape. */
    ResponseFormat TEXT = Mode.TEXT;

    /** Some JSON value; most providers want the word JSON in the prompt too. */
    ResponseFormat JSON = Mode.JSON;

    static ResponseFormat jsonSchema(String name, Map<String, ?> schema) {
        return new JsonSchema(name, null, schema, true);
    }

    enum Mode implements ResponseFormat {
        TEXT,
        JSON
    }

    /**
     * JSON that follows a schema.
     *
     * @param name name of the shape, for providers that want one
     * @param description what it holds, for the model
     * @param schema JSON Schema
     * @param strict whether the provider shall enforce it; null leaves the provider's default
     */
    record JsonSchema(
            String name,
            @Nullable String description,
            Map<String, ?> schema,
            @Nullable Boolean strict) implements ResponseFormat {

        public JsonSchema {
            schema = Json.copyOf(schema);
        }
    }
}
