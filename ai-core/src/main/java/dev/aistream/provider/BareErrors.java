package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Errors that a provider writes between its events: an {@code error:} line, or a JSON document of one or more lines
 * that no field name precedes. Other JSON is passed over.
 */
final class BareErrors {

    private static final int MAX_DOCUMENT = 64 * 1024;
    private static final byte[] ERROR_FIELD = "error:".getBytes(StandardCharsets.US_ASCII);

    private final ResponseHead head;
    private final JsonReader reader = new JsonReader();
    /** The document as far as it came; null outside of one. */
    private @Nullable ByteArrayOutputStream document;

    private int depth;
    private boolean inString;

    BareErrors(ResponseHead head) {
        this.head = head;
    }

    /** An event has come: what stood before it was no document. */
    void interruptedByEvent() {
        document = null;
    }

    /**
     * A line that is no field.
     * @throws ChatException if it completes an error
     */
    void line(byte[] line, int offset, int length, boolean cut) {
        if (cut) {
            document = null;
        } else if (document == null && startsWithErrorField(line, offset, length)) {
            int value = offset + ERROR_FIELD.length;
            throw ProviderErrors.inStream(value(line, value, offset + length - value), head);
        } else if (document != null || startsDocument(line, offset, length)) {
            append(line, offset, length);
        }
    }

    private static boolean startsWithErrorField(byte[] line, int offset, int length) {
        if (length < ERROR_FIELD.length) {
            return false;
        }
        for (int i = 0; i < ERROR_FIELD.length; i++) {
            if (line[offset + i] != ERROR_FIELD[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsDocument(byte[] line, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (line[i] > ' ' || line[i] < 0) {
                return line[i] == '{' || line[i] == '[';
            }
        }
        return false;
    }

    private Object value(byte[] bytes, int offset, int length) {
        try {
            reader.reset(bytes, offset, length);
            Object value = reader.readValue();
            reader.end();
            return value == null ? "" : value;
        } catch (JsonSyntaxException text) {
            return new String(bytes, offset, length, StandardCharsets.UTF_8).strip();
        }
    }

    private void append(byte[] line, int offset, int length) {
        if (document == null) {
            document = new ByteArrayOutputStream();
            depth = 0;
            inString = false;
        }
        document.write(line, offset, length);
        document.write('\n');
        track(line, offset, length);
        if (document.size() > MAX_DOCUMENT) {
            document = null;
        } else if (depth <= 0) {
            byte[] whole = document.toByteArray();
            document = null;
            examine(whole);
        }
    }

    /** Follows the nesting, so that each byte is looked at once however many lines the document has. */
    private void track(byte[] line, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (inString) {
                if (line[i] == '\\') {
                    i++;
                } else if (line[i] == '"') {
                    inString = false;
                }
            } else {
                switch (line[i]) {
                    case '"' -> inString = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> depth--;
                    default -> {}
                }
            }
        }
    }

    private void examine(byte[] whole) {
        Object value;
        try {
            reader.reset(whole, 0, whole.length);
            value = reader.readValue();
            reader.end();
        } catch (JsonSyntaxException noJson) {
            return;
        }
        if (ProviderErrors.isError(value)) {
            throw ProviderErrors.inStream(value, head);
        }
    }
}
