package dev.aistream.provider.openai;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.openai.OpenAiWire.Delta;
import dev.aistream.provider.openai.OpenAiWire.ToolCallFragment;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code tool_calls} and {@code function_call} of a delta. */
final class ToolCallReader {

    private static final JsonNames CALL = JsonNames.of("index", "id", "type", "function", "custom");
    private static final JsonNames FUNCTION = JsonNames.of("name", "arguments", "input");

    void readAll(JsonReader json, Delta delta) {
        switch (json.peek()) {
            case ARRAY -> {
                json.beginArray();
                while (json.nextElement()) {
                    read(json, delta);
                }
            }
            case OBJECT -> read(json, delta);
            default -> json.skipValue();
        }
    }

    private void read(JsonReader json, Delta delta) {
        if (json.peek() != JsonToken.OBJECT) {
            json.skipValue();
            return;
        }
        ToolCallFragment fragment = delta.addToolCall();
        json.beginObject();
        while (json.nextName()) {
            switch (json.selectName(CALL)) {
                case 0 -> fragment.index = index(json);
                case 1 -> fragment.id = id(json);
                case 2 -> json.skipValue();
                case 3 -> function(json, fragment, delta);
                case 4 -> {
                    fragment.custom |= json.peek() == JsonToken.OBJECT;
                    function(json, fragment, delta);
                }
                default -> metadata(json, fragment);
            }
        }
    }

    /** The form of before {@code tool_calls}: one call, without an id. */
    void readLegacy(JsonReader json, Delta delta) {
        if (json.peek() == JsonToken.OBJECT) {
            ToolCallFragment fragment = delta.addToolCall();
            fragment.index = ToolCallFragment.LEGACY;
            function(json, fragment, delta);
        } else {
            json.skipValue();
        }
    }

    private static int index(JsonReader json) {
        if (json.peek() != JsonToken.NUMBER) {
            json.skipValue();
            return ToolCallFragment.NO_INDEX;
        }
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, json.readLong()));
    }

    private static @Nullable String id(JsonReader json) {
        if (json.peek() == JsonToken.NUMBER) {
            return json.readRaw();
        }
        return ChunkReader.word(json);
    }

    private static void function(JsonReader json, ToolCallFragment fragment, Delta delta) {
        if (json.peek() != JsonToken.OBJECT) {
            json.skipValue();
            return;
        }
        json.beginObject();
        while (json.nextName()) {
            switch (json.selectName(FUNCTION)) {
                case 0 -> fragment.name = ChunkReader.string(json);
                case 1, 2 -> arguments(json, fragment, delta);
                default -> json.skipValue();
            }
        }
    }

    /** Documented as a string of JSON; some servers send the JSON itself. */
    private static void arguments(JsonReader json, ToolCallFragment fragment, Delta delta) {
        switch (json.peek()) {
            case OBJECT, ARRAY -> {
                fragment.arguments = json.readRaw();
                delta.noPiece();
            }
            case STRING -> {
                int start = json.position() + 1;
                String arguments = json.readString();
                if (!arguments.isEmpty()) {
                    fragment.arguments = arguments;
                    delta.piece(start, json.position() - 1);
                }
            }
            default -> json.skipValue();
        }
    }

    private static void metadata(JsonReader json, ToolCallFragment fragment) {
        String name = json.name();
        Object value = json.readValue();
        if (value != null) {
            if (fragment.metadata == null) {
                fragment.metadata = new LinkedHashMap<>();
            }
            fragment.metadata.put(name, value);
        }
    }
}
