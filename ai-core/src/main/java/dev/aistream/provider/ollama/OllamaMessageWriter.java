package dev.aistream.provider.ollama;

import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.Conversation;
import dev.aistream.provider.DataUri;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes the {@code messages} of one request. */
final class OllamaMessageWriter {

    private final String provider;
    private final JsonGenerator json;
    private final List<String> warnings;

    OllamaMessageWriter(String provider, JsonGenerator json, List<String> warnings) {
        this.provider = provider;
        this.json = json;
        this.warnings = warnings;
    }

    void write(@Nullable String system, List<Message> messages) {
        json.writeStartArray();
        if (system != null) {
            plain("system", system);
        }
        for (Message message : Conversation.sendable(messages, provider, warnings)) {
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
            String base64 = base64(image);
            if (base64 == null) {
                warnings.add("An image is not sent: Ollama takes images by value, not by address");
                continue;
            }
            if (!any) {
                json.writeArrayPropertyStart("images");
                any = true;
            }
            json.writeString(base64);
        }
        if (any) {
            json.writeEndArray();
        }
    }

    private static @Nullable String base64(Content.Image image) {
        if (image.data() != null) {
            return Base64.getEncoder().encodeToString(image.data());
        }
        DataUri inline = DataUri.of(image.url());
        return inline == null ? null : inline.base64();
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
        json.writeName("arguments");
        arguments(call.arguments());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Ollama wants the arguments as the object that other providers send as text; what is none is wrapped. */
    private void arguments(String arguments) {
        if (JsonToken.of(arguments) == JsonToken.OBJECT) {
            json.writeRawValue(arguments);
        } else {
            json.writePOJO(arguments.isBlank() ? Map.of() : Map.of("input", arguments));
        }
    }

    private void toolResult(Message.ToolResult result) {
        json.writeStartObject();
        json.writeStringProperty("role", "tool");
        json.writeStringProperty("tool_name", result.toolName());
        json.writeStringProperty("content", result.output());
        json.writeEndObject();
    }
}
