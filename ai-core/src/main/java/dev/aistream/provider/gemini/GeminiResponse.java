package dev.aistream.provider.gemini;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One {@code GenerateContentResponse}, of which there is one per fragment of the answer: checked as a whole, and taken
 * apart as far as the places of what matters. Of several candidates only the first is read.
 *
 * <p>Mutable and reused: one instance per subscription.
 */
final class GeminiResponse {

    private static final int NO_NAME = -1;

    /** Fields that come again and again, so that their names need not be made again. */
    private static final String[] REPEATED = {
        "createTime",
        "safetyRatings",
        "groundingMetadata",
        "citationMetadata",
        "urlContextMetadata",
        "avgLogprobs",
        "logprobsResult",
        "finishMessage"
    };

    private static final JsonNames REPEATED_NAMES = JsonNames.of(REPEATED);

    private final LastFields fields;
    private final JsonReader reader = new JsonReader();
    private final JsonReader candidate = new JsonReader();
    private byte[] data = {};
    private int offset;
    private int length;

    /** Where the members stand, by their index; {@code to} is 0 for absent and null. */
    private final int[] from = new int[GeminiWire.ERROR + 1];

    private final int[] to = new int[GeminiWire.ERROR + 1];

    private boolean recognized;
    private boolean hasCandidate;
    private int contentFrom;
    private int contentTo;
    private @Nullable String finishReason;

    /**
     * A reader of responses.
     * @param fields takes what has no name here
     */
    GeminiResponse(LastFields fields) {
        this.fields = fields;
    }

    /**
     * Reads the response.
     * @throws dev.aistream.json.JsonSyntaxException if it is not the JSON that the provider documents
     */
    void read(byte[] data, int offset, int length) {
        this.data = data;
        this.offset = offset;
        this.length = length;
        Arrays.fill(to, 0);
        recognized = false;
        hasCandidate = false;
        contentTo = 0;
        finishReason = null;
        reader.reset(data, offset, length);
        reader.beginObject();
        while (reader.nextName()) {
            int member = reader.selectName(GeminiWire.RESPONSE);
            if (member == NO_NAME) {
                keep(reader);
                continue;
            }
            recognized = true;
            from[member] = reader.position();
            if (!reader.readNull()) {
                reader.skipValue();
                to[member] = reader.position();
            }
        }
        reader.end();
        if (has(GeminiWire.CANDIDATES)) {
            readCandidates();
        }
    }

    private void keep(JsonReader at) {
        int repeated = at.selectName(REPEATED_NAMES);
        String name = repeated == NO_NAME ? at.name() : REPEATED[repeated];
        int start = at.position();
        at.skipValue();
        fields.keep(name, data, start, at.position() - start);
    }

    private void readCandidates() {
        reader.reset(data, from[GeminiWire.CANDIDATES], to[GeminiWire.CANDIDATES] - from[GeminiWire.CANDIDATES]);
        reader.beginArray();
        while (reader.nextElement()) {
            int start = reader.position();
            if (reader.peek() == JsonToken.OBJECT && index() == 0) {
                readCandidate(start, reader.position() - start);
            } else if (reader.position() == start) {
                reader.skipValue();
            }
        }
    }

    /** Passes over a candidate; its index may stand anywhere, and an absent one is zero. */
    private long index() {
        long index = 0;
        reader.beginObject();
        while (reader.nextName()) {
            if (reader.selectName(GeminiWire.CANDIDATE) == GeminiWire.INDEX && reader.peek() == JsonToken.NUMBER) {
                index = reader.readLong();
            } else {
                reader.skipValue();
            }
        }
        return index;
    }

    private void readCandidate(int start, int length) {
        hasCandidate = true;
        candidate.reset(data, start, length);
        candidate.beginObject();
        while (candidate.nextName()) {
            switch (candidate.selectName(GeminiWire.CANDIDATE)) {
                case GeminiWire.CONTENT -> {
                    contentFrom = candidate.position();
                    candidate.skipValue();
                    contentTo = candidate.position();
                }
                case GeminiWire.FINISH_REASON -> readFinishReason();
                case GeminiWire.INDEX -> candidate.skipValue();
                default -> keep(candidate);
            }
        }
    }

    private void readFinishReason() {
        String reason = enumValue(candidate);
        if (reason != null) {
            finishReason = reason;
        }
    }

    /** An enum's value; gateways may write its number. Null for what says nothing. */
    private static @Nullable String enumValue(JsonReader at) {
        if (at.readNull()) {
            return null;
        }
        String value = at.peek() == JsonToken.STRING ? at.readString() : at.readRaw();
        return GeminiWire.isSpecified(value) ? value : null;
    }

    /** Whether the response has any member that the provider documents. */
    boolean recognized() {
        return recognized;
    }

    boolean hasCandidate() {
        return hasCandidate;
    }

    boolean has(int member) {
        return to[member] != 0;
    }

    /** Why the answer ends; null while it goes on. */
    @Nullable
    String finishReason() {
        return finishReason;
    }

    /**
     * Points a reader at the candidate's content.
     * @return false if there is none
     */
    boolean content(JsonReader at) {
        if (contentTo == 0) {
            return false;
        }
        at.reset(data, contentFrom, contentTo - contentFrom);
        return at.peek() == JsonToken.OBJECT;
    }

    /** One of the response's strings; null where there is none. */
    @Nullable
    String string(int member) {
        if (!has(member)) {
            return null;
        }
        reader.reset(data, from[member], to[member] - from[member]);
        return reader.peek() == JsonToken.STRING ? reader.readString() : null;
    }

    /** Any of the response's members; null where there is none. */
    @Nullable
    Object value(int member) {
        if (!has(member)) {
            return null;
        }
        reader.reset(data, from[member], to[member] - from[member]);
        return reader.readValue();
    }

    /** Keeps a member's bytes for later. */
    void keep(int member, String name) {
        if (has(member)) {
            fields.keep(name, data, from[member], to[member] - from[member]);
        }
    }

    byte[] data() {
        return data;
    }

    /** The whole response. */
    @Nullable
    Object value() {
        reader.reset(data, offset, length);
        return reader.readValue();
    }

    /** The whole response as it was sent. */
    String json() {
        return new String(data, offset, length, StandardCharsets.UTF_8);
    }
}
