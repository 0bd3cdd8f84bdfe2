package dev.aistream.provider.openai;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.ProviderErrors;
import dev.aistream.provider.openai.MetadataCollector.Level;
import dev.aistream.provider.openai.OpenAiWire.Chunk;
import dev.aistream.provider.openai.OpenAiWire.Delta;
import dev.aistream.provider.openai.OpenAiWire.Part;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event's JSON into a {@link Chunk}: any order of fields, any fields besides, values of another type than
 * documented passed over. What has no name here goes to the {@link MetadataCollector}, which is told by the caller
 * whether to keep it.
 */
final class ChunkReader {

    private static final JsonNames TOP = JsonNames.of("id", "model", "choices", "usage", "error", "obfuscation", "p");
    private static final JsonNames CHOICE =
            JsonNames.of("index", "delta", "finish_reason", "message", "error", "logprobs");
    private static final JsonNames DELTA = JsonNames.of(
            "content",
            "reasoning_content",
            "reasoning",
            "reasoning_text",
            "refusal",
            "tool_calls",
            "function_call",
            "role",
            "index",
            "audio");

    private static final JsonNames TEXT = JsonNames.of("text");

    private final JsonReader reader = new JsonReader();
    /** Made for the first reasoning that is an object, which hardly any server sends. */
    private @Nullable JsonReader nested;

    private final MetadataCollector metadata;
    private final UsageSnapshot usage;
    private final ToolCallReader toolCalls = new ToolCallReader();
    private final ContentPartReader contentParts = new ContentPartReader();
    private int paddingStart;
    private int paddingEnd;

    ChunkReader(MetadataCollector metadata, UsageSnapshot usage) {
        this.metadata = metadata;
        this.usage = usage;
    }

    /**
     * Reads an event whole.
     * @param identify whether id and model are still of interest
     * @param acceptMessage whether a choice that has a {@code message} and no {@code delta} is read, as a server that
     *     does not stream sends it
     * @throws JsonSyntaxException if it is no JSON object
     */
    void read(byte[] data, int offset, int length, boolean identify, boolean acceptMessage, Chunk chunk) {
        chunk.clear();
        metadata.rewind(0);
        paddingStart = -1;
        reader.reset(data, offset, length);
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(TOP)) {
                case 0 -> chunk.id = identify ? string(reader) : skip();
                case 1 -> {
                    chunk.recognized = true;
                    chunk.model = identify ? string(reader) : skip();
                }
                case 2 -> choices(chunk, acceptMessage);
                case 3 -> chunk.recognized |= usage.read(reader);
                case 4 -> error(chunk);
                case 5, 6 -> padding();
                default -> metadata.note(reader, Level.TOP);
            }
        }
        reader.end();
    }

    /** Where the text stands that only hides the event's length, between its quotes; -1 where there is none. */
    int paddingStart() {
        return paddingStart;
    }

    int paddingEnd() {
        return paddingEnd;
    }

    private void padding() {
        if (reader.peek() == JsonToken.STRING && paddingStart < 0) {
            paddingStart = reader.position() + 1;
            reader.skipValue();
            paddingEnd = reader.position() - 1;
        } else {
            metadata.note(reader, Level.TOP);
        }
    }

    private @Nullable String skip() {
        reader.skipValue();
        return null;
    }

    /** A string that is not empty; anything else is null. */
    static @Nullable String string(JsonReader reader) {
        if (reader.peek() != JsonToken.STRING) {
            reader.skipValue();
            return null;
        }
        String string = reader.readString();
        return string.isEmpty() ? null : string;
    }

    /** A string that is neither empty nor {@code "null"}, as some servers spell what is not there. */
    static @Nullable String word(JsonReader reader) {
        String word = string(reader);
        return "null".equals(word) ? null : word;
    }

    private void error(Chunk chunk) {
        Object error = reader.readValue();
        if (ProviderErrors.isSomething(error)) {
            chunk.error = error;
        }
    }

    private void choices(Chunk chunk, boolean acceptMessage) {
        chunk.recognized = true;
        if (reader.peek() != JsonToken.ARRAY) {
            reader.skipValue();
            return;
        }
        reader.beginArray();
        while (reader.nextElement()) {
            if (reader.peek() == JsonToken.OBJECT) {
                choice(chunk, acceptMessage);
            } else {
                reader.skipValue();
            }
        }
    }

    private void choice(Chunk chunk, boolean acceptMessage) {
        Delta delta = chunk.addDelta();
        int mark = metadata.mark();
        long index = 0;
        boolean hasDelta = false;
        int messageStart = -1;
        int messageEnd = -1;
        Object errorBefore = chunk.error;
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(CHOICE)) {
                case 0 -> index = number(0);
                case 1 -> hasDelta |= delta(reader, delta);
                case 2 -> delta.finishReason = word(reader);
                case 3 -> {
                    reader.peek();
                    messageStart = reader.position();
                    reader.skipValue();
                    messageEnd = reader.position();
                }
                case 4 -> error(chunk);
                case 5 -> logprobs();
                default -> metadata.note(reader, Level.CHOICE);
            }
        }
        if (index != 0) {
            chunk.dropDelta();
            chunk.error = errorBefore;
            metadata.rewind(mark);
        } else if (acceptMessage && !hasDelta && messageStart >= 0) {
            message(messageStart, messageEnd, delta);
        }
    }

    private long number(long otherwise) {
        if (reader.peek() == JsonToken.NUMBER) {
            return reader.readLong();
        }
        reader.skipValue();
        return otherwise;
    }

    private void logprobs() {
        if (reader.peek() != JsonToken.OBJECT) {
            metadata.note(reader, Level.CHOICE);
            return;
        }
        reader.beginObject();
        while (reader.nextName()) {
            metadata.note(reader, Level.LOGPROBS);
        }
    }

    private void message(int start, int end, Delta delta) {
        JsonReader message = new JsonReader();
        message.reset(reader.bytes(), start, end - start);
        delta(message, delta);
    }

    private boolean delta(JsonReader json, Delta delta) {
        if (json.peek() != JsonToken.OBJECT) {
            json.skipValue();
            return false;
        }
        json.beginObject();
        while (json.nextName()) {
            int name = json.selectName(DELTA);
            switch (name) {
                case 0 -> content(json, delta);
                case 1, 2, 3 -> reasoning(json, delta, name);
                case 4 -> delta.refusal = string(json);
                case 5 -> toolCalls.readAll(json, delta);
                case 6 -> toolCalls.readLegacy(json, delta);
                case 7, 8 -> json.skipValue();
                case 9 -> audio(json, delta);
                default -> metadata.note(json, Level.DELTA);
            }
        }
        return true;
    }

    private void content(JsonReader json, Delta delta) {
        switch (json.peek()) {
            case STRING -> {
                int start = json.position() + 1;
                String content = json.readString();
                if (!content.isEmpty()) {
                    delta.content = content;
                    delta.piece(start, json.position() - 1);
                }
            }
            case ARRAY, OBJECT -> contentParts.read(json, delta);
            default -> json.skipValue();
        }
    }

    /** Comes in pieces, of which none replaces the one before. */
    private void audio(JsonReader json, Delta delta) {
        if (json.peek() == JsonToken.OBJECT) {
            delta.parts.add(new Part(Part.Kind.OTHER, "audio", json.readRaw()));
        } else {
            metadata.note(json, Level.DELTA);
        }
    }

    private void reasoning(JsonReader json, Delta delta, int rank) {
        switch (json.peek()) {
            case STRING -> reasoningText(json, delta, rank);
            case OBJECT -> reasoningObject(json, delta, rank);
            default -> metadata.note(json, Level.DELTA);
        }
    }

    /** An object with the text in it, as Envoy's gateway sends it; any other is metadata. */
    private void reasoningObject(JsonReader json, Delta delta, int rank) {
        int mark = metadata.mark();
        int start = json.position();
        metadata.note(json, Level.DELTA);
        JsonReader object = nested();
        object.reset(json.bytes(), start, json.position() - start);
        object.beginObject();
        while (object.nextName()) {
            if (object.selectName(TEXT) == 0 && object.peek() == JsonToken.STRING) {
                int from = object.position();
                reasoningText(object, delta, rank);
                if (object.position() - from > 2) {
                    metadata.rewind(mark);
                }
            } else {
                object.skipValue();
            }
        }
    }

    private JsonReader nested() {
        JsonReader made = nested;
        if (made == null) {
            made = new JsonReader();
            nested = made;
        }
        return made;
    }

    private void reasoningText(JsonReader json, Delta delta, int rank) {
        int start = json.position() + 1;
        String reasoning = json.readString();
        if (!reasoning.isEmpty() && rank < delta.reasoningRank) {
            delta.reasoning = reasoning;
            delta.reasoningRank = rank;
            delta.piece(start, json.position() - 1);
        }
    }
}
