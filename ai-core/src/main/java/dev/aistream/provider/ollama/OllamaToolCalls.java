package dev.aistream.provider.ollama;

import dev.aistream.chat.ChatEvent;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one answer. Ollama sends each whole, its arguments as an object, mostly without an id, and its
 * {@code index} may be the same for all: order alone tells them apart.
 */
final class OllamaToolCalls {

    private record Call(@Nullable String id, String name, String arguments) {}

    private final List<Call> ofLine = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private int count;

    void nextLine() {
        ofLine.clear();
    }

    boolean any() {
        return count > 0;
    }

    void read(JsonReader reader) {
        if (reader.readNull()) {
            return;
        }
        reader.beginArray();
        while (reader.nextElement()) {
            readCall(reader);
        }
    }

    private void readCall(JsonReader reader) {
        String id = null;
        String name = "";
        String arguments = "{}";
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(OllamaWire.IN_TOOL_CALL)) {
                case OllamaWire.ID -> id = reader.readStringOrNull();
                case OllamaWire.FUNCTION -> {
                    reader.beginObject();
                    while (reader.nextName()) {
                        switch (reader.selectName(OllamaWire.IN_FUNCTION)) {
                            case OllamaWire.NAME -> name = reader.readString();
                            case OllamaWire.ARGUMENTS -> arguments = readArguments(reader);
                            default -> reader.skipValue();
                        }
                    }
                }
                default -> reader.skipValue();
            }
        }
        if (!name.isEmpty()) {
            ofLine.add(new Call(id, name, arguments));
        }
    }

    private static String readArguments(JsonReader reader) {
        if (reader.peek() == JsonToken.STRING) {
            String text = reader.readString();
            return text.isBlank() ? "{}" : text;
        }
        return reader.readNull() ? "{}" : reader.readRaw();
    }

    void emit(AnswerWriter answer, ChatEventSink out) {
        for (Call call : ofLine) {
            String id = id(call);
            count++;
            answer.closeBlock(out);
            answer.output(new ChatEvent.ToolCallStart(id, call.name()), out);
            answer.output(new ChatEvent.ToolCallDelta(id, call.arguments()), out);
            answer.output(new ChatEvent.ToolCallEnd(id, true, Map.of()), out);
        }
    }

    private String id(Call call) {
        String id = call.id();
        return id != null && !id.isEmpty() && ids.add(id) ? id : "call_" + count;
    }
}
