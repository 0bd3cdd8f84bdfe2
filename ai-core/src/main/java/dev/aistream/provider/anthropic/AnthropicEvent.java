package dev.aistream.provider.anthropic;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One event of the Messages API, read in a single pass whatever the order of its members: a delta, of which there is
 * one per token, is decoded at once; of the larger objects only the place is kept.
 *
 * <p>Mutable and reused: one instance per subscription.
 */
final class AnthropicEvent {

    private static final int NONE = -1;
    private static final int ABSENT = -2;

    private final JsonReader reader = new JsonReader();
    private byte[] data = {};
    private int offset;
    private int length;

    private String eventType = "";
    private int type;
    private int typeAt;
    private int deltaType;
    private int deltaMember;
    private @Nullable String fragment;
    private @Nullable Object citation;
    private long index;

    /** Where the objects of the event stand, by the index of the member; 0 for absent. */
    private final int[] from = new int[AnthropicWire.ERROR_MEMBER + 1];

    private final int[] to = new int[AnthropicWire.ERROR_MEMBER + 1];

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
        deltaType = ABSENT;
        deltaMember = NONE;
        fragment = null;
        citation = null;
        index = 0;
        Arrays.fill(to, 0);
        reader.reset(data, offset, length);
        reader.beginObject();
        while (reader.nextName()) {
            readMember(reader.selectName(AnthropicWire.EVENT));
        }
        reader.end();
        if (type == ABSENT) {
            type = AnthropicWire.eventType(eventType);
        }
        if (deltaType >= 0 && deltaMember != deltaType) {
            readDeltaAgain();
        }
    }

    private void readMember(int member) {
        switch (member) {
            case AnthropicWire.TYPE -> {
                int at = reader.position();
                if (!reader.readNull()) {
                    typeAt = at;
                    type = reader.selectString(AnthropicWire.EVENT_TYPES);
                }
            }
            case AnthropicWire.INDEX -> {
                if (reader.peek() == JsonToken.NUMBER) {
                    index = reader.readLong();
                } else {
                    reader.skipValue();
                }
            }
            case NONE -> reader.skipValue();
            default -> {
                from[member] = reader.position();
                if (member == AnthropicWire.DELTA
                        && type != AnthropicWire.MESSAGE_DELTA
                        && reader.peek() == JsonToken.OBJECT) {
                    readDelta();
                } else if (!reader.readNull()) {
                    reader.skipValue();
                } else {
                    return;
                }
                to[member] = reader.position();
            }
        }
    }

    private void readDelta() {
        reader.beginObject();
        while (reader.nextName()) {
            int member = reader.selectName(AnthropicWire.DELTA_MEMBERS);
            if (member == AnthropicWire.DELTA_TYPE) {
                deltaType = reader.selectString(AnthropicWire.DELTA_TYPES);
            } else if (member == NONE || (deltaType != ABSENT && deltaType != member)) {
                reader.skipValue();
            } else if (member == AnthropicWire.CITATION) {
                deltaMember = member;
                citation = reader.readValue();
            } else if (reader.peek() == JsonToken.STRING) {
                deltaMember = member;
                fragment = reader.readString();
            } else {
                reader.skipValue();
            }
        }
    }

    /** The type came after two members that may carry a delta, and the last was not the one. */
    private void readDeltaAgain() {
        deltaMember = NONE;
        int at = from[AnthropicWire.DELTA];
        reader.reset(data, at, to[AnthropicWire.DELTA] - at);
        readDelta();
    }

    /** Index into {@link AnthropicWire#EVENT_TYPES}, negative for a type that is not in it. */
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

    long index() {
        return index;
    }

    /** What carries the delta, as an index into {@link AnthropicWire#DELTA_MEMBERS}; negative if nothing known does. */
    int deltaMember() {
        return deltaType == NONE ? NONE : deltaMember;
    }

    @Nullable
    String fragment() {
        return fragment;
    }

    @Nullable
    Object citation() {
        return citation;
    }

    /** One of the event's objects, null if it is absent or null. */
    @Nullable
    Object value(int member) {
        if (to[member] == 0) {
            return null;
        }
        reader.reset(data, from[member], to[member] - from[member]);
        return reader.readValue();
    }

    /** The JSON text of a member of one of the event's objects, null if it is absent. */
    @Nullable
    String json(int member, JsonNames name) {
        reader.reset(data, from[member], to[member] - from[member]);
        reader.beginObject();
        String json = null;
        while (reader.nextName()) {
            if (reader.selectName(name) == 0) {
                json = reader.readRaw();
            } else {
                reader.skipValue();
            }
        }
        return json;
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
