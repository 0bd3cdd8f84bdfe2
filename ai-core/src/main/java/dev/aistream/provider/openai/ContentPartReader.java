package dev.aistream.provider.openai;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.openai.OpenAiWire.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code content} where it is a list of parts, as Mistral's reasoning models send it, or one part. */
final class ContentPartReader {

    private static final JsonNames PART = JsonNames.of("type", "text", "thinking", "refusal");

    private ContentPartReader() {}

    static void read(JsonReader json, List<Part> parts) {
        if (json.peek() == JsonToken.OBJECT) {
            readPart(json, parts);
            return;
        }
        json.beginArray();
        while (json.nextElement()) {
            switch (json.peek()) {
                case OBJECT -> readPart(json, parts);
                case STRING -> add(parts, Part.Kind.TEXT, "text", json.readString());
                default -> json.skipValue();
            }
        }
    }

    private static void readPart(JsonReader json, List<Part> parts) {
        int start = json.position();
        String type = null;
        String text = null;
        String thinking = null;
        String refusal = null;
        json.beginObject();
        while (json.nextName()) {
            switch (json.selectName(PART)) {
                case 0 -> type = ChunkReader.string(json);
                case 1 -> text = ChunkReader.string(json);
                case 2 -> thinking = thinking(json);
                case 3 -> refusal = ChunkReader.string(json);
                default -> json.skipValue();
            }
        }
        switch (type == null ? "text" : type) {
            case "text", "output_text" -> add(parts, Part.Kind.TEXT, "text", text);
            case "thinking", "reasoning" ->
                add(parts, Part.Kind.THINKING, "thinking", thinking == null ? text : thinking);
            case "refusal" -> add(parts, Part.Kind.REFUSAL, "refusal", refusal);
            default ->
                add(
                        parts,
                        Part.Kind.OTHER,
                        String.valueOf(type),
                        new String(json.bytes(), start, json.position() - start, StandardCharsets.UTF_8));
        }
    }

    /** A string, or a list of text parts. */
    private static @Nullable String thinking(JsonReader json) {
        if (json.peek() != JsonToken.ARRAY) {
            return ChunkReader.string(json);
        }
        StringBuilder joined = new StringBuilder();
        json.beginArray();
        while (json.nextElement()) {
            if (json.peek() == JsonToken.OBJECT) {
                json.beginObject();
                while (json.nextName()) {
                    if (json.selectName(PART) == 1 && json.peek() == JsonToken.STRING) {
                        json.readStringInto(joined);
                    } else {
                        json.skipValue();
                    }
                }
            } else {
                json.skipValue();
            }
        }
        return joined.toString();
    }

    private static void add(List<Part> parts, Part.Kind kind, String type, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            parts.add(new Part(kind, type, text));
        }
    }
}
