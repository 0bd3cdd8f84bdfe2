package dev.aistream.provider.openai;

import dev.aistream.chat.Usage;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code usage} sent last. Some servers send it with every chunk, so it is kept as bytes; each replaces the one
 * before.
 */
final class UsageSnapshot {

    private byte[] json = {};
    private int length;

    /**
     * Passes over the value at the reader's cursor and keeps it, unless it is null or empty.
     * @return whether it was kept
     */
    boolean read(JsonReader reader) {
        boolean object = reader.peek() == JsonToken.OBJECT;
        int from = reader.position();
        reader.skipValue();
        int to = reader.position();
        if (!object || to - from <= 2) {
            return false;
        }
        if (json.length < to - from) {
            json = Arrays.copyOf(json, Math.max(to - from, 2 * json.length));
        }
        length = to - from;
        System.arraycopy(reader.bytes(), from, json, 0, length);
        return true;
    }

    /**
     * What the answer cost.
     * @param metadata where Groq's {@code x_groq} may hold it instead, and {@code usage} that of the choice, as Moonshot
     *     sends it
     */
    @Nullable
    Usage usage(Map<String, ?> metadata) {
        if (length > 0) {
            JsonReader reader = new JsonReader();
            reader.reset(json, 0, length);
            return usage(reader.readValue());
        }
        return usage(metadata.get("x_groq") instanceof Map<?, ?> groq ? groq.get("usage") : metadata.get("usage"));
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Usage usage(@Nullable Object raw) {
        return raw instanceof Map<?, ?> map ? OpenAiWire.usage((Map<String, ?>) map) : null;
    }
}
