package dev.aistream.provider.anthropic;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.Conversation;
import dev.aistream.provider.DataUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a conversation as the Messages API wants it: instructions at the top, user and assistant in turn, the results
 * of tools before anything else that the user says, and the model's thoughts with their signatures as they came.
 */
final class AnthropicMessageWriter {

    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private final String provider;
    private final List<Message> turns;
    private final List<String> instructions = new ArrayList<>();
    private final List<String> warnings;

    private String role = USER;
    private boolean turnIsOpen;

    AnthropicMessageWriter(String provider, List<Message> messages, List<String> warnings) {
        this.provider = provider;
        this.warnings = warnings;
        this.turns = new ArrayList<>(messages.size());
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
        int from = 0;
        while (from < turns.size()) {
            role = role(turns.get(from));
            int to = from + 1;
            while (to < turns.size() && role(turns.get(to)).equals(role)) {
                to++;
            }
            writeTurn(turns.subList(from, to), out);
            from = to;
        }
        out.writeEndArray();
    }

    private static String role(Message message) {
        return message instanceof Message.Assistant ? ASSISTANT : USER;
    }

    private void writeTurn(List<Message> messages, JsonGenerator out) {
        turnIsOpen = false;
        for (Message message : messages) {
            if (message instanceof Message.ToolResult result) {
                writeResult(result, out);
            } else if (message instanceof Message.User user) {
                user.content().forEach(content -> write(content, out));
            } else if (message instanceof Message.Assistant assistant) {
                assistant.content().forEach(content -> write(content, out));
            }
        }
        if (turnIsOpen) {
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    /** A turn of which nothing can be sent must not appear, so it begins with its first block. */
    private void beginTurn(JsonGenerator out) {
        if (!turnIsOpen) {
            turnIsOpen = true;
            out.writeStartObject();
            out.writeStringProperty("role", role);
            out.writeArrayPropertyStart("content");
        }
    }

    private void beginBlock(String type, JsonGenerator out) {
        beginTurn(out);
        out.writeStartObject();
        out.writeStringProperty("type", type);
    }

    private void writeResult(Message.ToolResult result, JsonGenerator out) {
        beginBlock("tool_result", out);
        out.writeStringProperty("tool_use_id", toolUseId(result.callId()));
        out.writeStringProperty("content", result.output());
        if (result.error()) {
            out.writeBooleanProperty("is_error", true);
        }
        out.writeEndObject();
    }

    private void write(Content content, JsonGenerator out) {
        if (content instanceof Content.Text text) {
            writeText(text, out);
        } else if (content instanceof Content.Image image) {
            writeImage(image, out);
        } else if (content instanceof Content.Reasoning reasoning) {
            writeThinking(reasoning, out);
        } else if (content instanceof Content.ToolUse use) {
            writeToolUse(use.call(), out);
        } else if (content instanceof Content.Native block) {
            writeNative(block, out);
        }
    }

    /** Of a hosted tool's input that was cut, the text is all there is; the provider takes objects only. */
    private void writeNative(Content.Native block, JsonGenerator out) {
        if (block.value().get("input") instanceof String) {
            warnings.add("A call of " + block.value().get("name") + " that was cut is not sent");
            return;
        }
        beginTurn(out);
        out.writePOJO(block.value());
    }

    /** The provider refuses empty text blocks, though its own answers have them. */
    private void writeText(Content.Text text, JsonGenerator out) {
        if (text.text().isEmpty()) {
            return;
        }
        beginBlock("text", out);
        out.writeStringProperty("text", text.text());
        copy(text.metadata(), "citations", out);
        copy(text.metadata(), "cache_control", out);
        out.writeEndObject();
    }

    private static void copy(Map<String, ?> metadata, String name, JsonGenerator out) {
        if (metadata.get(name) != null) {
            out.writePOJOProperty(name, metadata.get(name));
        }
    }

    private void writeImage(Content.Image image, JsonGenerator out) {
        beginBlock("image", out);
        out.writeObjectPropertyStart("source");
        DataUri inline = DataUri.of(image.url());
        if (image.data() != null) {
            out.writeStringProperty("type", "base64");
            out.writeStringProperty("media_type", image.mediaType());
            out.writeBinaryProperty("data", image.data());
        } else if (inline != null) {
            out.writeStringProperty("type", "base64");
            out.writeStringProperty("media_type", inline.mediaType());
            out.writeStringProperty("data", inline.base64());
        } else {
            out.writeStringProperty("type", "url");
            out.writeStringProperty("url", String.valueOf(image.url()));
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** Thinking without a signature is not the provider's own, and it would refuse it. */
    private void writeThinking(Content.Reasoning reasoning, JsonGenerator out) {
        if (!(reasoning.metadata().get("signature") instanceof String signature)) {
            warnings.add("Reasoning without a signature is not sent: " + provider + " did not write it");
            return;
        }
        beginBlock("thinking", out);
        out.writeStringProperty("thinking", reasoning.text());
        out.writeStringProperty("signature", signature);
        out.writeEndObject();
    }

    private void writeToolUse(ToolCall call, JsonGenerator out) {
        beginBlock("tool_use", out);
        out.writeStringProperty("id", toolUseId(call.id()));
        out.writeStringProperty("name", call.name());
        writeInput(call.arguments(), out);
        copy(call.metadata(), "caller", out);
        copy(call.metadata(), "cache_control", out);
        out.writeEndObject();
    }

    /** Another provider's free-form arguments are wrapped, for the provider takes objects only. */
    private void writeInput(String arguments, JsonGenerator out) {
        if (arguments.isBlank()) {
            out.writeObjectPropertyStart("input");
            out.writeEndObject();
        } else if (JsonToken.of(arguments) == JsonToken.OBJECT) {
            out.writeName("input");
            out.writeRawValue(arguments);
        } else {
            out.writePOJOProperty("input", Map.of("input", arguments));
        }
    }

    /** Ids made by other providers may hold characters that this one refuses. */
    private static String toolUseId(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!isIdCharacter(id.charAt(i))) {
                StringBuilder safe = new StringBuilder(id);
                for (int j = i; j < safe.length(); j++) {
                    if (!isIdCharacter(safe.charAt(j))) {
                        safe.setCharAt(j, '_');
                    }
                }
                return safe.toString();
            }
        }
        return id;
    }

    private static boolean isIdCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
}
