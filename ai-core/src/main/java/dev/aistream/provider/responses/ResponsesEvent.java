package dev.aistream.provider.responses;

import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event of the Responses API, read in a single pass whatever the order of its members: a delta, of which there is
 * one per token, is decoded at once; of the larger values only the place is kept.
 *
 * <p>Mutable and reused: one instance per subscription.
 */
final class ResponsesEvent {

    private static final int NONE = -1;
    private static final int ABSENT = -2;

    private final JsonReader reader = new JsonReader();
    private byte[] data = {};
    private int offset;
    private int length;

    private String eventType = "";
    private int type;
    private int typeAt;
    private long sequenceNumber;
    private long outputIndex;
    private long partIndex;
    private @Nullable String delta;

    /** Where the values of the event stand, by the index of the member; an end of 0 for absent or null. */
    private final int[] from = new int[OpenAiResponsesWire.ERROR_MEMBER + 1];

    private final int[] to = new int[OpenAiResponsesWire.ERROR_MEMBER + 1];

    /**
     * Reads the event.
     * @param eventType what the event stream says; counts where the data have no type
     */
    void read(String eventType, byte[] data, int offset, int length) {
        this.eventType = eventType;
        this.data = data;
        this.offset = offset;
        this.length = length;
        type = ABSENT;
        typeAt = NONE;
        sequenceNumber = NONE;
        outputIndex = NONE;
        partIndex = 0;
        delta = null;
        Arrays.fill(to, 0);
        reader.reset(data, offset, length);
        reader.beginObject();
        while (reader.nextName()) {
            readMember(reader.selectName(OpenAiResponsesWire.EVENT));
        }
        reader.end();
        if (type == ABSENT) {
            type = OpenAiResponsesWire.eventType(eventType);
        }
    }

    private void readMember(int member) {
        if (member == NONE) {
            reader.skipValue();
            return;
        }
        int at = reader.position();
        if (reader.readNull()) {
            return;
        }
        switch (member) {
            case OpenAiResponsesWire.TYPE -> {
                typeAt = at;
                type = reader.selectString(OpenAiResponsesWire.EVENT_TYPES);
            }
            case OpenAiResponsesWire.SEQUENCE_NUMBER -> sequenceNumber = readNumber(NONE);
            case OpenAiResponsesWire.OUTPUT_INDEX -> outputIndex = readNumber(NONE);
            case OpenAiResponsesWire.CONTENT_INDEX, OpenAiResponsesWire.SUMMARY_INDEX -> partIndex = readNumber(0);
            case OpenAiResponsesWire.DELTA -> readDelta();
            default -> {
                reader.skipValue();
                from[member] = at;
                to[member] = reader.position();
            }
        }
    }

    /** No event is given up for a number that is none. */
    private long readNumber(long otherwise) {
        if (reader.peek() == JsonToken.NUMBER) {
            return reader.readLong();
        }
        reader.skipValue();
        return otherwise;
    }

    /** Of other types than those with text, a delta may be an object, or audio. */
    private void readDelta() {
        boolean text = type == ABSENT
                || (type >= OpenAiResponsesWire.OUTPUT_TEXT_DELTA && type <= OpenAiResponsesWire.CUSTOM_INPUT_DELTA);
        if (text && reader.peek() == JsonToken.STRING) {
            delta = reader.readString();
        } else {
            reader.skipValue();
        }
    }

    /** Index into {@link OpenAiResponsesWire#EVENT_TYPES}, negative for a type that is not in it. */
    int type() {
        return type;
    }

    /** The type as the provider calls it. */
    String typeName() {
        if (typeAt == NONE) {
            return eventType;
        }
        reader.reset(data, typeAt, offset + length - typeAt);
        return reader.readString();
    }

    /** Position in the whole stream, negative where the provider sends none. */
    long sequenceNumber() {
        return sequenceNumber;
    }

    /** Which item of the answer, negative where the provider does not say. */
    long outputIndex() {
        return outputIndex;
    }

    /** Which part of the item. */
    long partIndex() {
        return partIndex;
    }

    @Nullable
    String delta() {
        return delta;
    }

    /** Whether the event speaks of the item with this id; compares without making a String. */
    boolean isOfItem(byte[] id) {
        int start = from[OpenAiResponsesWire.ITEM_ID];
        int end = to[OpenAiResponsesWire.ITEM_ID];
        return end > 0 && data[start] == '"' && Arrays.equals(data, start + 1, end - 1, id, 0, id.length);
    }

    /** One of the event's values, null if it is absent or null. */
    @Nullable
    Object value(int member) {
        JsonReader value = reader(member);
        return value == null ? null : value.readValue();
    }

    /** One of the event's texts, null if it is absent or no text. */
    @Nullable
    String string(int member) {
        JsonReader value = reader(member);
        return value == null || value.peek() != JsonToken.STRING ? null : value.readString();
    }

    private @Nullable JsonReader reader(int member) {
        if (to[member] == 0) {
            return null;
        }
        reader.reset(data, from[member], to[member] - from[member]);
        return reader;
    }

    /**
     * One of the event's objects.
     * @param skipped names of members that are passed over
     * @return mutable; empty if it is absent or no object
     */
    Map<String, @Nullable Object> object(int member, Set<String> skipped) {
        JsonReader value = reader(member);
        return value == null ? new LinkedHashMap<>() : readObject(value, skipped);
    }

    /** The members of the event itself, but for some. */
    Map<String, @Nullable Object> members(Set<String> skipped) {
        reader.reset(data, offset, length);
        return readObject(reader, skipped);
    }

    private static Map<String, @Nullable Object> readObject(JsonReader value, Set<String> skipped) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (value.peek() != JsonToken.OBJECT) {
            return object;
        }
        value.beginObject();
        while (value.nextName()) {
            String name = value.name();
            if (skipped.contains(name)) {
                value.skipValue();
            } else {
                object.put(name, value.readValue());
            }
        }
        return object;
    }

    /** The whole event. */
    @Nullable
    Object value() {
        reader.reset(data, offset, length);
        return reader.readValue();
    }

    /** The whole event as it was sent. */
    String json() {
        return new String(data, offset, length, StandardCharsets.UTF_8);
    }
}
