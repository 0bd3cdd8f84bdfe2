package dev.aistream.json;

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
    END
}
