package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.json.JsonReader;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The function calls of an answer. Most come whole, in one part; with streamed arguments the parts after the first have
 * no name, and the last is one that does not say {@code willContinue}, an empty one perhaps. At most one is open.
 *
 * <p>Not thread-safe: one instance per subscription.
 */
final class GeminiCalls {

    private static final String NO_ARGUMENTS = "{}";

    private final AnswerWriter answer;
    private final JsonReader reader = new JsonReader();
    private final Set<String> ids = new HashSet<>();
    private @Nullable Open open;

    private @Nullable String id;
    private @Nullable String name;
    private @Nullable String arguments;
    private boolean willContinue;
    private int piecesFrom;
    private int piecesTo;

    GeminiCalls(AnswerWriter answer) {
        this.answer = answer;
    }

    /** Whether the model asked for any. */
    boolean any() {
        return !ids.isEmpty();
    }

    /**
     * Takes a part.
     * @param data holds the {@code functionCall}
     * @param signature what sat on the part beside it
     */
    void part(byte[] data, int offset, int length, @Nullable String signature, ChatEventSink out) {
        read(data, offset, length);
        if (name != null && !name.isEmpty() && !goesOn()) {
            end(true, out);
            open = begin(name, signature, out);
        }
        Open call = open;
        if (call == null) {
            return;
        }
        if (arguments != null && !call.written && !(willContinue && isEmptyObject(arguments))) {
            call.delta(arguments, out);
            willContinue = false;
        } else if (piecesTo != 0) {
            readPieces(call, data, out);
        }
        if (!willContinue) {
            end(true, out);
        }
    }

    /** A provider may repeat the name with every part of one call; its id tells. */
    private boolean goesOn() {
        return open != null && id != null && id.equals(open.metadata.get(GeminiWire.CALL_ID));
    }

    private static boolean isEmptyObject(String json) {
        return json.substring(1, json.length() - 1).isBlank();
    }

    private void read(byte[] data, int offset, int length) {
        id = null;
        name = null;
        arguments = null;
        willContinue = false;
        piecesTo = 0;
        reader.reset(data, offset, length);
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(GeminiWire.CALL)) {
                case GeminiWire.ID -> id = reader.readStringOrNull();
                case GeminiWire.NAME -> name = reader.readStringOrNull();
                case GeminiWire.ARGS -> arguments = reader.readNull() ? null : reader.readRaw();
                case GeminiWire.WILL_CONTINUE -> willContinue = !reader.readNull() && reader.readBoolean();
                case GeminiWire.PARTIAL_ARGS -> {
                    piecesFrom = reader.position();
                    if (!reader.readNull()) {
                        reader.skipValue();
                        piecesTo = reader.position();
                    }
                }
                default -> reader.skipValue();
            }
        }
    }

    private void readPieces(Open call, byte[] data, ChatEventSink out) {
        call.streamed = true;
        reader.reset(data, piecesFrom, piecesTo - piecesFrom);
        reader.beginArray();
        while (reader.nextElement()) {
            call.delta(call.pieces.piece(reader), out);
        }
    }

    private Open begin(String name, @Nullable String signature, ChatEventSink out) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (id != null && !id.isEmpty()) {
            metadata.put(GeminiWire.CALL_ID, id);
        }
        if (signature != null) {
            metadata.put(GeminiWire.SIGNATURE, signature);
        }
        String callId = uniqueId();
        answer.output(new ToolCallStart(callId, name), out);
        return new Open(callId, metadata);
    }

    /** Few answers have ids, and ours shall not be taken for those of another answer of the conversation. */
    private String uniqueId() {
        if (id != null && !id.isEmpty() && ids.add(id)) {
            return id;
        }
        String made = "call_" + Integer.toHexString(answer.id().hashCode()) + "_" + ids.size();
        ids.add(made);
        return made;
    }

    /**
     * Ends the call that is open, if any.
     * @param complete whether the answer went on, or ended as it should
     */
    void end(boolean complete, ChatEventSink out) {
        Open call = open;
        if (call == null) {
            return;
        }
        open = null;
        // What was cut stays cut, for a bracket of ours would make it look whole.
        if (complete && (call.streamed || !call.written)) {
            call.delta(call.streamed ? call.pieces.end() : NO_ARGUMENTS, out);
        }
        call.lone(out);
        out.next(new ToolCallEnd(call.id, complete, call.metadata));
    }

    private static final class Open {

        private final String id;
        private final Map<String, Object> metadata;
        private final PartialArguments pieces = new PartialArguments();
        private final SurrogateJoiner surrogates = new SurrogateJoiner();
        private boolean streamed;
        private boolean written;

        Open(String id, Map<String, Object> metadata) {
            this.id = id;
            this.metadata = metadata;
        }

        void delta(String json, ChatEventSink out) {
            emit(surrogates.join(json), out);
        }

        void lone(ChatEventSink out) {
            emit(surrogates.end(), out);
        }

        private void emit(String json, ChatEventSink out) {
            if (!json.isEmpty()) {
                written = true;
                out.next(new ToolCallDelta(id, json));
            }
        }
    }
}
