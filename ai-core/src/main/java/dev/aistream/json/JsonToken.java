package dev.aistream.json;

import java.nio.charset.StandardCharsets;

/** What stands at the cursor of a {@link JsonReader}. */
public enum JsonToken {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL,
    END_OBJECT,
    END_ARRAY,
    /** Nothing but white space is left. */
    END;

    /** What a whole text is as JSON; {@code END} if it is blank or no JSON. */
    public static JsonToken of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader();
        reader.reset(bytes, 0, bytes.length);
        try {
            JsonToken token = reader.peek();
            if (token != END) {
                reader.skipValue();
                reader.end();
            }
            return token;
        } catch (JsonSyntaxException none) {
            return END;
        }
    }
}
