package dev.aistream.provider.openai;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.openai.OpenAiWire.Delta;
import dev.aistream.provider.openai.OpenAiWire.Part;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code content} where it is a list of parts, as Mistral's reasoning models and Databricks send it, or one part.
 * A part of reasoning without a word, such as a signature, is none that is known here.
 */
final class ContentPartReader {

    private static final JsonNames PART = JsonNames.of("type", "text", "thinking", "refusal", "summary");

    private @Nullable String type;
    private final Piece text = new Piece();
    private final Piece thinking = new Piece();
    private @Nullable String refusal;
    /** Whether a part holds a string or more that has no name here. */
    private boolean holdsMore;

    void read(JsonReader json, Delta delta) {
        if (json.peek() == JsonToken.OBJECT) {
            readPart(json, delta);
            return;
        }
        json.beginArray();
        while (json.nextElement()) {
            switch (json.peek()) {
                case OBJECT -> readPart(json, delta);
                case STRING -> {
                    text.clear();
                    text.read(json);
                    add(delta, Part.Kind.TEXT, text);
                }
                default -> json.skipValue();
            }
        }
    }

    private void readPart(JsonReader json, Delta delta) {
        int start = json.position();
        type = null;
        text.clear();
        thinking.clear();
        refusal = null;
        holdsMore = false;
        json.beginObject();
        while (json.nextName()) {
            switch (json.selectName(PART)) {
                case 0 -> type = ChunkReader.string(json);
                case 1 -> text.read(json);
                case 2, 4 -> readThinking(json);
                case 3 -> refusal = ChunkReader.string(json);
                default -> skip(json);
            }
        }
        add(delta, json, start);
    }

    private void skip(JsonReader json) {
        boolean mayHold = switch (json.peek()) {
            case STRING, OBJECT, ARRAY -> true;
            default -> false;
        };
        int from = json.position();
        json.skipValue();
        holdsMore |= mayHold && json.position() - from > 2;
    }

    private void add(Delta delta, JsonReader json, int start) {
        switch (type == null ? "text" : type) {
            case "text", "output_text" -> add(delta, Part.Kind.TEXT, text);
            case "thinking", "reasoning" -> {
                Piece piece = thinking.value == null ? text : thinking;
                if (piece.value == null && holdsMore) {
                    addOther(delta, json, start);
                } else {
                    add(delta, Part.Kind.THINKING, piece);
                }
            }
            case "refusal" -> {
                if (refusal != null) {
                    delta.parts.add(new Part(Part.Kind.REFUSAL, "refusal", refusal));
                }
            }
            default -> addOther(delta, json, start);
        }
    }

    private void addOther(Delta delta, JsonReader json, int start) {
        String raw = new String(json.bytes(), start, json.position() - start, StandardCharsets.UTF_8);
        delta.parts.add(new Part(Part.Kind.OTHER, String.valueOf(type), raw));
    }

    private static void add(Delta delta, Part.Kind kind, Piece piece) {
        if (piece.value != null) {
            delta.parts.add(new Part(kind, "text", piece.value));
            delta.piece(piece.start, piece.end);
        }
    }

    /** A string, or a list of text parts. */
    private void readThinking(JsonReader json) {
        if (json.peek() != JsonToken.ARRAY) {
            thinking.read(json);
            return;
        }
        json.beginArray();
        while (json.nextElement()) {
            if (json.peek() == JsonToken.OBJECT) {
                json.beginObject();
                while (json.nextName()) {
                    switch (json.selectName(PART)) {
                        case 0 -> json.skipValue();
                        case 1 -> thinking.append(json);
                        default -> skip(json);
                    }
                }
            } else {
                json.skipValue();
            }
        }
    }

    /** A string that is not empty, and where it stands; nowhere if it is joined of several. */
    private static final class Piece {

        private @Nullable String value;
        private int start;
        private int end;

        void clear() {
            value = null;
        }

        /** The last one that is not empty counts. */
        void read(JsonReader json) {
            int from = json.peek() == JsonToken.STRING ? json.position() + 1 : -1;
            String string = ChunkReader.string(json);
            if (string != null) {
                value = string;
                start = from;
                end = json.position() - 1;
            }
        }

        void append(JsonReader json) {
            String before = value;
            value = null;
            read(json);
            if (before != null) {
                value = value == null ? before : before + value;
                start = value.length() == before.length() ? start : -1;
            }
        }
    }
}
