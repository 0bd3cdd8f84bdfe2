package dev.aistream.provider.ollama;

import dev.aistream.chat.ChatEvent;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.CallIds;
import dev.aistream.provider.ChatEventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tool calls of one answer. Ollama sends each whole, its arguments as an object, mostly without an id, and its
 * {@code index} may be the same for all: order alone tells them apart.
 */
final class OllamaToolCalls {

    private record Call(String id, String name, String arguments) {}

    private final List<Call> ofLine = new ArrayList<>();
    private final CallIds ids = new CallIds();
    private boolean any;

    void nextLine() {
        ofLine.clear();
    }

    boolean any() {
        return any;
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
            ofLine.add(new Call(id == null ? "" : id, name, arguments));
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
            String id = ids.next(call.id());
            any = true;
            answer.closeBlock(out);
            answer.output(new ChatEvent.ToolCallStart(id, call.name()), out);
            answer.output(new ChatEvent.ToolCallDelta(id, call.arguments()), out);
            answer.output(new ChatEvent.ToolCallEnd(id, true, Map.of()), out);
        }
    }
}
