package dev.aistream.provider.openai;

import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.provider.Conversation;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes the {@code messages} of one request. */
final class OpenAiMessageWriter {

    /** Where Gemini's compatible endpoint keeps the signatures that it wants back. */
    private static final String EXTRA_CONTENT = "extra_content";

    private final JsonGenerator json;
    private final OpenAiOptions options;
    private final List<String> warnings;

    OpenAiMessageWriter(JsonGenerator json, OpenAiOptions options, List<String> warnings) {
        this.json = json;
        this.options = options;
        this.warnings = warnings;
    }

    void write(@Nullable String system, List<Message> messages) {
        json.writeStartArray();
        if (system != null) {
            system(system);
        }
        for (Message message : Conversation.sendable(messages, options.provider(), warnings)) {
            if (message instanceof Message.System instructions) {
                system(instructions.text());
            } else if (message instanceof Message.User user) {
                user(user);
            } else if (message instanceof Message.Assistant assistant) {
                assistant(assistant);
            } else if (message instanceof Message.ToolResult result) {
                toolResult(result);
            }
        }
        json.writeEndArray();
    }

    private void system(String text) {
        start("system");
        json.writeStringProperty("content", text);
        json.writeEndObject();
    }

    private void user(Message.User user) {
        start("user");
        List<Content> content = user.content();
        if (content.size() == 1 && content.get(0) instanceof Content.Text text) {
            json.writeStringProperty("content", text.text());
        } else {
            json.writeArrayPropertyStart("content");
            content.forEach(this::part);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void part(Content content) {
        if (content instanceof Content.Text text) {
            json.writeStartObject();
            json.writeStringProperty("type", "text");
            json.writeStringProperty("text", text.text());
            json.writeEndObject();
        } else if (content instanceof Content.Image image) {
            json.writeStartObject();
            json.writeStringProperty("type", "image_url");
            json.writeObjectPropertyStart("image_url");
            json.writeStringProperty("url", address(image));
            json.writeEndObject();
            json.writeEndObject();
        } else if (content instanceof Content.Native piece) {
            json.writePOJO(piece.value());
        } else {
            warnings.add("A piece of a user's message is not sent: " + options.provider() + " takes text and images");
        }
    }

    private static String address(Content.Image image) {
        byte[] data = image.data();
        if (data == null) {
            return String.valueOf(image.url());
        }
        return "data:" + image.mediaType() + ";base64," + Base64.getEncoder().encodeToString(data);
    }

    private void assistant(Message.Assistant assistant) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        boolean callsTools = false;
        for (Content content : assistant.content()) {
            if (content instanceof Content.Text said) {
                text.append(said.text());
            } else if (content instanceof Content.Reasoning thought) {
                reasoning.append(thought.text());
            } else if (content instanceof Content.ToolUse) {
                callsTools = true;
            } else if (content instanceof Content.Image) {
                warnings.add("An assistant's image is not sent: " + options.provider() + " takes none");
            }
        }
        start("assistant");
        json.writeName("content");
        if (callsTools && text.isEmpty()) {
            json.writeNull();
        } else {
            json.writeString(text.toString());
        }
        // Servers that ask for it refuse a turn with calls that lacks the field, though not one where it is empty.
        if (options.reasoningField() != null && (callsTools || !reasoning.isEmpty())) {
            json.writeStringProperty(options.reasoningField(), reasoning.toString());
        }
        nativeFields(assistant.content());
        if (callsTools) {
            toolCalls(assistant.content());
        }
        json.writeEndObject();
    }

    /** What the decoder kept of this provider's own fields goes back beside the content. */
    private void nativeFields(List<Content> contents) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Content content : contents) {
            if (content instanceof Content.Native piece) {
                fields.putAll(piece.value());
            }
        }
        fields.remove("type");
        fields.forEach(json::writePOJOProperty);
    }

    private void toolCalls(List<Content> contents) {
        json.writeArrayPropertyStart("tool_calls");
        for (Content content : contents) {
            if (content instanceof Content.ToolUse use) {
                toolCall(use.call());
            }
        }
        json.writeEndArray();
    }

    private void toolCall(ToolCall call) {
        json.writeStartObject();
        json.writeStringProperty("id", call.id());
        boolean custom = OpenAiWire.CUSTOM.equals(call.metadata().get(OpenAiWire.TYPE));
        String type = custom ? OpenAiWire.CUSTOM : "function";
        json.writeStringProperty("type", type);
        json.writeObjectPropertyStart(type);
        json.writeStringProperty("name", call.name());
        if (custom) {
            json.writeStringProperty("input", call.arguments());
        } else {
            json.writeStringProperty("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
        }
        json.writeEndObject();
        if (call.metadata().get(EXTRA_CONTENT) != null) {
            json.writePOJOProperty(EXTRA_CONTENT, call.metadata().get(EXTRA_CONTENT));
        }
        json.writeEndObject();
    }

    private void toolResult(Message.ToolResult result) {
        start("tool");
        json.writeStringProperty("tool_call_id", result.callId());
        json.writeStringProperty("content", result.output());
        json.writeEndObject();
    }

    private void start(String role) {
        json.writeStartObject();
        json.writeStringProperty("role", role);
    }
}
