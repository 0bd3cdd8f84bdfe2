package dev.aistream.provider.ollama;

import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes the {@code messages} of one request. */
final class OllamaMessageWriter {

    private final JsonGenerator json;
    private final List<String> warnings;

    OllamaMessageWriter(JsonGenerator json, List<String> warnings) {
        this.json = json;
        this.warnings = warnings;
    }

    void write(@Nullable String system, List<Message> messages) {
        json.writeStartArray();
        if (system != null) {
            plain("system", system);
        }
        for (Message message : messages) {
            if (message instanceof Message.System instructions) {
                plain("system", instructions.text());
            } else if (message instanceof Message.User user) {
                turn("user", user.content());
            } else if (message instanceof Message.Assistant assistant) {
                turn("assistant", assistant.content());
            } else if (message instanceof Message.ToolResult result) {
                toolResult(result);
            }
        }
        json.writeEndArray();
    }

    private void plain(String role, String text) {
        json.writeStartObject();
        json.writeStringProperty("role", role);
        json.writeStringProperty("content", text);
        json.writeEndObject();
    }

    private void turn(String role, List<Content> content) {
        json.writeStartObject();
        json.writeStringProperty("role", role);
        json.writeStringProperty("content", joined(content, Content.Text.class));
        String thinking = joined(content, Content.Reasoning.class);
        if (!thinking.isEmpty()) {
            json.writeStringProperty("thinking", thinking);
        }
        images(content);
        toolCalls(content);
        json.writeEndObject();
    }

    private static String joined(List<Content> content, Class<? extends Content> kind) {
        StringBuilder joined = new StringBuilder();
        for (Content piece : content) {
            if (kind.isInstance(piece)) {
                joined.append(piece instanceof Content.Text text ? text.text() : ((Content.Reasoning) piece).text());
            }
        }
        return joined.toString();
    }

    private void images(List<Content> content) {
        boolean any = false;
        for (Content piece : content) {
            if (!(piece instanceof Content.Image image)) {
                continue;
            }
            byte[] data = image.data();
            if (data == null) {
                warnings.add("An image is not sent: Ollama takes images by value, not by address");
                continue;
            }
            if (!any) {
                json.writeArrayPropertyStart("images");
                any = true;
            }
            json.writeString(Base64.getEncoder().encodeToString(data));
        }
        if (any) {
            json.writeEndArray();
        }
    }

    private void toolCalls(List<Content> content) {
        boolean any = false;
        for (Content piece : content) {
            if (piece instanceof Content.ToolUse use) {
                if (!any) {
                    json.writeArrayPropertyStart("tool_calls");
                    any = true;
                }
                toolCall(use.call());
            }
        }
        if (any) {
            json.writeEndArray();
        }
    }

    private void toolCall(ToolCall call) {
        json.writeStartObject();
        json.writeObjectPropertyStart("function");
        json.writeStringProperty("name", call.name());
        json.writePOJOProperty("arguments", arguments(call));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Ollama wants the arguments as the object that other providers send as text. */
    private Object arguments(ToolCall call) {
        byte[] text = call.arguments().getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader();
        reader.reset(text, 0, text.length);
        try {
            if (reader.readValue() instanceof Map<?, ?> object) {
                return object;
            }
        } catch (JsonSyntaxException broken) {
            warnings.add("The arguments of a tool call are not sent: they are no JSON object");
        }
        return Map.of();
    }

    private void toolResult(Message.ToolResult result) {
        json.writeStartObject();
        json.writeStringProperty("role", "tool");
        json.writeStringProperty("tool_name", result.toolName());
        json.writeStringProperty("content", result.output());
        json.writeEndObject();
    }
}
