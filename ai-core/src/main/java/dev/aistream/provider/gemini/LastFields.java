package dev.aistream.provider.gemini;

import dev.aistream.json.JsonReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields of the responses that have no name here, each with the last value that says something. Most are repeated with
 * every fragment of text, so that they are kept as bytes and read once, at the end. Citations are told once each, so
 * that all of them are kept.
 *
 * <p>Not thread-safe: one instance per subscription.
 */
final class LastFields {

    private static final int MAX_FIELDS = 64;
    private static final String CITATIONS = "citationMetadata";

    private final JsonReader reader = new JsonReader();
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, List<@Nullable Object>> citations = new LinkedHashMap<>();

    /** Takes a value, given as its JSON; null and empty are nothing. */
    void keep(String name, byte[] json, int offset, int length) {
        if (isNothing(json, offset, length)) {
            return;
        }
        if (name.equals(CITATIONS)) {
            keepCitations(json, offset, length);
            return;
        }
        Field field = fields.get(name);
        if (field == null) {
            if (fields.size() == MAX_FIELDS) {
                return;
            }
            field = new Field();
            fields.put(name, field);
        }
        field.set(json, offset, length);
    }

    private static boolean isNothing(byte[] json, int offset, int length) {
        byte first = json[offset];
        if (first == 'n') {
            return true;
        }
        if (first != '{' && first != '[' && first != '"') {
            return false;
        }
        for (int i = offset + 1; i < offset + length - 1; i++) {
            if (json[i] > ' ' || json[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private void keepCitations(byte[] json, int offset, int length) {
        reader.reset(json, offset, length);
        if (!(reader.readValue() instanceof Map<?, ?> lists)) {
            return;
        }
        lists.forEach((name, list) -> {
            if (list instanceof List<?> told) {
                List<@Nullable Object> all =
                        citations.computeIfAbsent(String.valueOf(name), first -> new ArrayList<>());
                told.stream().filter(citation -> !all.contains(citation)).forEach(all::add);
            }
        });
    }

    /** The value of one field; null if it has none. */
    @Nullable
    Object take(String name) {
        Field field = fields.remove(name);
        return field == null ? null : field.value(reader);
    }

    /** All values by the provider's names. */
    Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        fields.forEach((name, field) -> values.put(name, field.value(reader)));
        if (!citations.isEmpty()) {
            values.put(CITATIONS, citations);
        }
        return values;
    }

    /** One value; its array grows to the longest and is used again. */
    private static final class Field {

        private byte[] json = {};
        private int length;

        void set(byte[] bytes, int offset, int length) {
            if (json.length < length) {
                json = Arrays.copyOfRange(bytes, offset, offset + length);
            } else {
                System.arraycopy(bytes, offset, json, 0, length);
            }
            this.length = length;
        }

        @Nullable
        Object value(JsonReader reader) {
            reader.reset(json, 0, length);
            return reader.readValue();
        }
    }
}
