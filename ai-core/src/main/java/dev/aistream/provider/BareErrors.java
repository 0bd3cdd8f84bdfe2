package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonBalance;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Errors that a provider writes between its events: an {@code error:} line, or a JSON document of one or more lines
 * that no field name precedes. A document ends with its last bracket, whatever follows on that line. Other JSON is
 * passed over.
 */
final class BareErrors {

    private static final int MAX_DOCUMENT = 64 * 1024;
    private static final byte[] ERROR_FIELD = "error:".getBytes(StandardCharsets.US_ASCII);

    private final ResponseHead head;
    private final JsonReader reader = new JsonReader();
    /** The whole lines of a document that goes on; null outside of one. */
    private @Nullable ByteArrayOutputStream document;

    private JsonBalance balance = new JsonBalance();

    BareErrors(ResponseHead head) {
        this.head = head;
    }

    /** An event has come: what stood before it was no document. */
    void interruptedByEvent() {
        document = null;
    }

    /**
     * A line that is no field.
     * @param cut whether this is only its first part
     * @throws ChatException if it is an error, or completes one
     */
    void line(byte[] line, int offset, int length, boolean cut) {
        boolean ended = openLine(line, offset, length);
        if (!cut && document == null && isErrorField(line, offset, length)) {
            int value = offset + ERROR_FIELD.length;
            throw ProviderErrors.inStream(line, value, offset + length - value, head);
        }
        if (cut || ended) {
            document = null;
        } else if (document != null || startsDocument(line, offset, offset + length)) {
            keep(line, offset, length);
        }
    }

    /**
     * The same line as far as it has come, which is all there is if the provider ends it only with the connection.
     * @return whether a document ends in it
     * @throws ChatException if that is an error
     */
    boolean openLine(byte[] line, int offset, int length) {
        int to = offset + length;
        boolean errorField = document == null && isErrorField(line, offset, length);
        int from = errorField ? offset + ERROR_FIELD.length : offset;
        if (document == null && !startsDocument(line, from, to)) {
            return false;
        }
        int end = (document == null ? new JsonBalance() : balance.copy()).feed(line, from, to);
        if (end < 0) {
            return false;
        }
        Object value = value(line, from, end - from);
        if (value != null && (errorField || ProviderErrors.isError(value))) {
            throw ProviderErrors.inStream(value, head);
        }
        return true;
    }

    private static boolean isErrorField(byte[] line, int offset, int length) {
        return length >= ERROR_FIELD.length
                && Arrays.equals(line, offset, offset + ERROR_FIELD.length, ERROR_FIELD, 0, ERROR_FIELD.length);
    }

    private static boolean startsDocument(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] > ' ' || line[i] < 0) {
                return line[i] == '{' || line[i] == '[';
            }
        }
        return false;
    }

    private void keep(byte[] line, int offset, int length) {
        if (document == null) {
            document = new ByteArrayOutputStream();
            balance = new JsonBalance();
        }
        document.write(line, offset, length);
        document.write('\n');
        // So that each byte of an ended line is looked at once, however many lines the document has.
        balance.feed(line, offset, offset + length);
        if (document.size() > MAX_DOCUMENT) {
            document = null;
        }
    }

    /** What the document says that ends with these bytes; null if that is no JSON. */
    private @Nullable Object value(byte[] bytes, int offset, int length) {
        if (document == null) {
            return json(bytes, offset, length);
        }
        byte[] before = document.toByteArray();
        byte[] whole = Arrays.copyOf(before, before.length + length);
        System.arraycopy(bytes, offset, whole, before.length, length);
        return json(whole, 0, whole.length);
    }

    private @Nullable Object json(byte[] bytes, int offset, int length) {
        try {
            reader.reset(bytes, offset, length);
            Object value = reader.readValue();
            reader.end();
            return value;
        } catch (JsonSyntaxException noJson) {
            return null;
        }
    }
}
