package dev.aistream.provider.gemini;

import dev.aistream.json.JsonReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One part of an answer's content.
 *
 * <p>Mutable and reused: one instance per subscription.
 */
final class GeminiPart {

    private final JsonReader valueReader = new JsonReader();
    private byte[] data = {};
    private int from;
    private int to;
    private @Nullable String text;
    private @Nullable String signature;
    private boolean thought;
    private boolean other;
    private int callFrom;
    private int callTo;

    /** Reads the part that a reader stands at. */
    void read(JsonReader reader) {
        data = reader.bytes();
        from = reader.position();
        text = null;
        signature = null;
        thought = false;
        other = false;
        callTo = 0;
        if (!reader.readNull()) {
            readMembers(reader);
        }
        to = reader.position();
    }

    private void readMembers(JsonReader reader) {
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(GeminiWire.PART)) {
                case GeminiWire.TEXT -> text = reader.readStringOrNull();
                case GeminiWire.THOUGHT -> thought = !reader.readNull() && reader.readBoolean();
                case GeminiWire.THOUGHT_SIGNATURE -> signature = reader.readStringOrNull();
                case GeminiWire.FUNCTION_CALL -> {
                    callFrom = reader.position();
                    if (!reader.readNull()) {
                        reader.skipValue();
                        callTo = reader.position();
                    }
                }
                default -> {
                    if (!reader.readNull()) {
                        reader.skipValue();
                        other = true;
                    }
                }
            }
        }
    }

    /** Text, or a thought; null where the part is something else. */
    @Nullable
    String text() {
        return text;
    }

    boolean isThought() {
        return thought;
    }

    /** What has to go back on this part; null for most. */
    @Nullable
    String signature() {
        return signature == null || signature.isEmpty() ? null : signature;
    }

    boolean hasCall() {
        return callTo != 0;
    }

    int callFrom() {
        return callFrom;
    }

    int callLength() {
        return callTo - callFrom;
    }

    /** Whether it is neither text nor a call, or a signature alone: to be sent back as it came. */
    boolean isNative() {
        return text == null && !hasCall() && (other || signature() != null);
    }

    /** The whole part. */
    Map<String, ?> value() {
        valueReader.reset(data, from, to - from);
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        if (valueReader.readValue() instanceof Map<?, ?> members) {
            members.forEach((name, member) -> value.put(String.valueOf(name), member));
        }
        return value;
    }
}
