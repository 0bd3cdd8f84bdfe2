package dev.aistream.provider.responses;

import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.provider.Conversation;
import java.net.URI;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a conversation as input items. An assistant's turn becomes the items that it came as: pieces of text with the
 * same id are one message, pieces of reasoning with the same id one reasoning item.
 */
final class ResponsesInputWriter {

    static final String ID = "id";
    static final String TYPE = "type";
    static final String PHASE = "phase";
    static final String ANNOTATIONS = "annotations";
    static final String ENCRYPTED_CONTENT = "encrypted_content";
    static final String SUMMARY_TEXT = "summary_text";
    static final String REASONING_TEXT = "reasoning_text";
    static final String CUSTOM_TOOL_CALL = "custom_tool_call";

    private final String provider;
    private final boolean stored;
    private final List<String> warnings;
    /** Calls whose results go back in another form, by their id. */
    private final Set<String> customCalls = new HashSet<>();

    /**
     * A writer for one request.
     * @param stored whether the provider keeps responses: only then can items be told by their ids
     */
    ResponsesInputWriter(String provider, boolean stored, List<String> warnings) {
        this.provider = provider;
        this.stored = stored;
        this.warnings = warnings;
    }

    void write(List<Message> messages, JsonGenerator out) {
        out.writeStartArray();
        for (Message message : Conversation.sendable(messages, provider, warnings)) {
            if (message instanceof Message.System system) {
                writeSystem(system, out);
            } else if (message instanceof Message.User user) {
                writeUser(user.content(), out);
            } else if (message instanceof Message.Assistant assistant) {
                writeAssistant(assistant.content(), out);
            } else if (message instanceof Message.ToolResult result) {
                writeResult(result, out);
            }
        }
        out.writeEndArray();
    }

    private static void writeSystem(Message.System system, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("role", "system");
        out.writeStringProperty("content", system.text());
        out.writeEndObject();
    }

    private void writeResult(Message.ToolResult result, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty(
                TYPE, customCalls.contains(result.callId()) ? "custom_tool_call_output" : "function_call_output");
        out.writeStringProperty("call_id", result.callId());
        out.writeStringProperty("output", result.output());
        out.writeEndObject();
    }

    /** Items of the application's own, such as the output of a hosted tool that it ran, stand beside the message. */
    private void writeUser(List<Content> content, JsonGenerator out) {
        boolean inMessage = false;
        for (Content piece : content) {
            boolean part = !(piece instanceof Content.Native own) || isInputPart(own);
            if (part && !inMessage) {
                out.writeStartObject();
                out.writeStringProperty("role", "user");
                out.writeArrayPropertyStart("content");
            } else if (inMessage && !part) {
                out.writeEndArray();
                out.writeEndObject();
            }
            inMessage = part;
            writeUserPart(piece, out);
        }
        if (inMessage) {
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    private static boolean isInputPart(Content.Native piece) {
        return String.valueOf(piece.value().get(TYPE)).startsWith("input_");
    }

    private void writeUserPart(Content piece, JsonGenerator out) {
        if (piece instanceof Content.Text text) {
            out.writeStartObject();
            out.writeStringProperty(TYPE, "input_text");
            out.writeStringProperty("text", text.text());
            out.writeEndObject();
        } else if (piece instanceof Content.Image image) {
            out.writeStartObject();
            out.writeStringProperty(TYPE, "input_image");
            out.writeStringProperty("image_url", address(image));
            out.writeEndObject();
        } else if (piece instanceof Content.Native own) {
            out.writePOJO(own.value());
        }
    }

    private static String address(Content.Image image) {
        URI url = image.url();
        byte[] data = image.data();
        return data == null
                ? String.valueOf(url)
                : "data:" + image.mediaType() + ";base64," + Base64.getEncoder().encodeToString(data);
    }

    private void writeAssistant(List<Content> content, JsonGenerator out) {
        int from = 0;
        while (from < content.size()) {
            Content first = content.get(from);
            int to = from + 1;
            while (to < content.size() && isSameItem(first, content.get(to))) {
                to++;
            }
            writeItem(first, content.subList(from, to), out);
            from = to;
        }
    }

    private static boolean isSameItem(Content first, Content next) {
        if (first instanceof Content.Text one && next instanceof Content.Text other) {
            return Objects.equals(one.metadata().get(ID), other.metadata().get(ID));
        }
        return first instanceof Content.Reasoning one
                && next instanceof Content.Reasoning other
                && one.metadata().get(ID) != null
                && Objects.equals(one.metadata().get(ID), other.metadata().get(ID));
    }

    private void writeItem(Content first, List<Content> pieces, JsonGenerator out) {
        if (first instanceof Content.Text text) {
            writeMessage(text.metadata(), pieces, out);
        } else if (first instanceof Content.Reasoning reasoning) {
            writeReasoning(reasoning, pieces, out);
        } else if (first instanceof Content.ToolUse use) {
            writeCall(use.call(), out);
        } else if (first instanceof Content.Native own) {
            out.writePOJO(own.value());
        } else {
            warnings.add("An image in an assistant's turn is not sent");
        }
    }

    private void writeMessage(Map<String, ?> metadata, List<Content> pieces, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty(TYPE, "message");
        out.writeStringProperty("role", "assistant");
        writeId(metadata, out);
        if (metadata.get(PHASE) instanceof String phase) {
            out.writeStringProperty(PHASE, phase);
        }
        out.writeArrayPropertyStart("content");
        for (Content piece : pieces) {
            Content.Text text = (Content.Text) piece;
            out.writeStartObject();
            out.writeStringProperty(TYPE, "output_text");
            out.writeStringProperty("text", text.text());
            out.writePOJOProperty(
                    ANNOTATIONS, Objects.requireNonNullElse(text.metadata().get(ANNOTATIONS), List.of()));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** An id that the provider has not kept would be looked up in vain. */
    private void writeId(Map<String, ?> metadata, JsonGenerator out) {
        if (stored && metadata.get(ID) instanceof String id) {
            out.writeStringProperty(ID, id);
            out.writeStringProperty("status", "completed");
        }
    }

    /** Reasoning goes back only where the provider can tell that it is its own: by its id, or by its sealed content. */
    private void writeReasoning(Content.Reasoning first, List<Content> pieces, JsonGenerator out) {
        Object id = first.metadata().get(ID);
        Object sealed = sealed(pieces);
        if (!(id instanceof String) || (!stored && sealed == null)) {
            warnings.add("Reasoning is not sent: " + provider + " neither keeps it nor sealed it");
            return;
        }
        out.writeStartObject();
        out.writeStringProperty(TYPE, "reasoning");
        out.writeStringProperty(ID, (String) id);
        writeParts("summary", SUMMARY_TEXT, pieces, true, out);
        writeParts("content", REASONING_TEXT, pieces, false, out);
        if (sealed != null) {
            out.writePOJOProperty(ENCRYPTED_CONTENT, sealed);
        }
        out.writeEndObject();
    }

    private static @Nullable Object sealed(List<Content> pieces) {
        for (Content piece : pieces) {
            Object sealed = ((Content.Reasoning) piece).metadata().get(ENCRYPTED_CONTENT);
            if (sealed != null) {
                return sealed;
            }
        }
        return null;
    }

    private static void writeParts(
            String name, String type, List<Content> pieces, boolean evenIfEmpty, JsonGenerator out) {
        boolean open = evenIfEmpty;
        if (open) {
            out.writeArrayPropertyStart(name);
        }
        for (Content piece : pieces) {
            Content.Reasoning reasoning = (Content.Reasoning) piece;
            if (!type.equals(reasoning.metadata().get(TYPE))) {
                continue;
            }
            if (!open) {
                open = true;
                out.writeArrayPropertyStart(name);
            }
            out.writeStartObject();
            out.writeStringProperty(TYPE, type);
            out.writeStringProperty("text", reasoning.text());
            out.writeEndObject();
        }
        if (open) {
            out.writeEndArray();
        }
    }

    private void writeCall(ToolCall call, JsonGenerator out) {
        boolean custom = CUSTOM_TOOL_CALL.equals(call.metadata().get(TYPE));
        if (custom) {
            customCalls.add(call.id());
        }
        out.writeStartObject();
        out.writeStringProperty(TYPE, custom ? CUSTOM_TOOL_CALL : "function_call");
        writeId(call.metadata(), out);
        out.writeStringProperty("call_id", call.id());
        out.writeStringProperty("name", call.name());
        out.writeStringProperty(
                custom ? "input" : "arguments", custom || !call.arguments().isBlank() ? call.arguments() : "{}");
        out.writeEndObject();
    }
}
