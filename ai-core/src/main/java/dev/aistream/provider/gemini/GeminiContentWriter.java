package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.Conversation;
import dev.aistream.provider.DataUri;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a conversation as the Gemini API wants it: instructions apart, a content for each turn, the results of one
 * turn's calls together, and signatures on the parts on which they came.
 */
final class GeminiContentWriter {

    private static final String USER = "user";
    private static final String MODEL = "model";

    private final String provider;
    private final List<Message> turns = new ArrayList<>();
    private final List<String> instructions = new ArrayList<>();
    private final List<String> warnings;
    /** Calls whose ids are the provider's: ours mean nothing to it. */
    private final Set<String> idsOfProvider = new HashSet<>();

    private boolean contentIsOpen;

    GeminiContentWriter(String provider, List<Message> messages, List<String> warnings) {
        this.provider = provider;
        this.warnings = warnings;
        for (Message message : Conversation.sendable(messages, provider, warnings)) {
            if (message instanceof Message.System system) {
                instructions.add(system.text());
            } else {
                turns.add(message);
            }
        }
        if (turns.isEmpty()) {
            throw ChatException.builder(
                            ChatException.Kind.INVALID_REQUEST, "A request to " + provider + " needs a user's turn.")
                    .build();
        }
    }

    /** All instructions, those of the request first. */
    List<String> system(@Nullable String ofRequest) {
        List<String> all = new ArrayList<>();
        if (ofRequest != null && !ofRequest.isEmpty()) {
            all.add(ofRequest);
        }
        all.addAll(instructions);
        return all;
    }

    void write(JsonGenerator out) {
        out.writeStartArray();
        boolean inResults = false;
        for (Message message : turns) {
            if (!(inResults && message instanceof Message.ToolResult)) {
                endContent(out);
            }
            inResults = message instanceof Message.ToolResult;
            if (message instanceof Message.ToolResult result) {
                writeResult(result, out);
            } else if (message instanceof Message.User user) {
                user.content().forEach(content -> write(content, USER, out));
            } else if (message instanceof Message.Assistant assistant) {
                assistant.content().forEach(content -> write(content, MODEL, out));
            }
        }
        endContent(out);
        out.writeEndArray();
    }

    /** A turn of which nothing can be sent must not appear, so it begins with its first part. */
    private void beginPart(String role, JsonGenerator out) {
        if (!contentIsOpen) {
            contentIsOpen = true;
            out.writeStartObject();
            out.writeStringProperty("role", role);
            out.writeArrayPropertyStart("parts");
        }
    }

    private void endContent(JsonGenerator out) {
        if (contentIsOpen) {
            contentIsOpen = false;
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    private void write(Content content, String role, JsonGenerator out) {
        if (content instanceof Content.Text text) {
            writeText(text, role, out);
        } else if (content instanceof Content.Image image) {
            beginPart(role, out);
            writeImage(image, out);
        } else if (content instanceof Content.Reasoning thought) {
            writeThought(thought, role, out);
        } else if (content instanceof Content.ToolUse use) {
            writeCall(use.call(), role, out);
        } else if (content instanceof Content.Native part) {
            beginPart(role, out);
            out.writePOJO(part.value());
        }
    }

    private void writeText(Content.Text text, String role, JsonGenerator out) {
        if (text.text().isEmpty() && !text.metadata().containsKey(GeminiWire.SIGNATURE)) {
            return;
        }
        beginPart(role, out);
        out.writeStartObject();
        out.writeStringProperty("text", text.text());
        writeSignature(text.metadata(), out);
        out.writeEndObject();
    }

    /** A thought that is not marked as this provider's would be taken for its own. */
    private void writeThought(Content.Reasoning thought, String role, JsonGenerator out) {
        if (!thought.metadata().containsKey(GeminiWire.IS_THOUGHT)) {
            warnings.add("Reasoning that " + provider + " did not write is not sent");
            return;
        }
        beginPart(role, out);
        out.writeStartObject();
        out.writeStringProperty("text", thought.text());
        out.writeBooleanProperty("thought", true);
        writeSignature(thought.metadata(), out);
        out.writeEndObject();
    }

    private static void writeSignature(Map<String, ?> metadata, JsonGenerator out) {
        if (metadata.get(GeminiWire.SIGNATURE) instanceof String signature) {
            out.writeStringProperty(GeminiWire.SIGNATURE, signature);
        }
    }

    private static void writeImage(Content.Image image, JsonGenerator out) {
        out.writeStartObject();
        DataUri inline = DataUri.of(image.url());
        if (image.data() != null) {
            out.writeObjectPropertyStart("inlineData");
            out.writeStringProperty("mimeType", image.mediaType());
            out.writeBinaryProperty("data", image.data());
        } else if (inline != null) {
            out.writeObjectPropertyStart("inlineData");
            out.writeStringProperty("mimeType", inline.mediaType());
            out.writeStringProperty("data", inline.base64());
        } else {
            out.writeObjectPropertyStart("fileData");
            if (image.mediaType() != null) {
                out.writeStringProperty("mimeType", image.mediaType());
            }
            out.writeStringProperty("fileUri", String.valueOf(image.url()));
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private void writeCall(ToolCall call, String role, JsonGenerator out) {
        beginPart(role, out);
        out.writeStartObject();
        out.writeObjectPropertyStart("functionCall");
        if (call.id().equals(call.metadata().get(GeminiWire.CALL_ID))) {
            idsOfProvider.add(call.id());
            out.writeStringProperty("id", call.id());
        }
        out.writeStringProperty("name", call.name());
        writeObject("args", call.arguments(), "input", out);
        out.writeEndObject();
        writeSignature(call.metadata(), out);
        out.writeEndObject();
    }

    private void writeResult(Message.ToolResult result, JsonGenerator out) {
        beginPart(USER, out);
        out.writeStartObject();
        out.writeObjectPropertyStart("functionResponse");
        if (idsOfProvider.contains(result.callId())) {
            out.writeStringProperty("id", result.callId());
        }
        out.writeStringProperty("name", result.toolName());
        if (result.error()) {
            out.writePOJOProperty("response", Map.of("error", result.output()));
        } else {
            writeObject("response", result.output(), "output", out);
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** The provider takes objects only: other JSON, and text, is wrapped. */
    private void writeObject(String name, String json, String wrapper, JsonGenerator out) {
        JsonToken token = JsonToken.of(json);
        if (token == JsonToken.OBJECT) {
            out.writeName(name);
            out.writeRawValue(json);
            return;
        }
        out.writeObjectPropertyStart(name);
        if (token == JsonToken.ARRAY) {
            out.writeName(wrapper);
            out.writeRawValue(json);
        } else if (!json.isBlank()) {
            out.writeStringProperty(wrapper, json);
        }
        out.writeEndObject();
    }
}
