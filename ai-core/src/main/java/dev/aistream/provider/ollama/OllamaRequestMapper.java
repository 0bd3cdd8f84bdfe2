package dev.aistream.provider.ollama;

import static dev.aistream.provider.OptionSupport.mapped;
import static dev.aistream.provider.OptionSupport.warned;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatOptions;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ResponseFormat;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.JsonBody;
import dev.aistream.provider.OptionSupport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes a {@link ChatRequest} as Ollama's chat API wants it. Thread-safe. */
final class OllamaRequestMapper {

    static final List<OptionSupport> OPTIONS = List.of(
            mapped("maxTokens", "`options.num_predict`"),
            mapped("temperature", "`options.temperature`"),
            mapped("topP", "`options.top_p`"),
            mapped("topK", "`options.top_k`"),
            mapped("frequencyPenalty", "`options.frequency_penalty`"),
            mapped("presencePenalty", "`options.presence_penalty`"),
            mapped("stop", "`options.stop`"),
            mapped("seed", "`options.seed`"),
            mapped("responseFormat", "`format`: `json` or the schema"),
            warned("toolChoice", "the model always decides by itself"),
            warned("parallelToolCalls", "the model always decides by itself"),
            mapped("reasoningEffort", "`think`: `true`, `false` (for `none`) or the word itself"),
            mapped("additional", "as it is; `options` is merged"));

    /** Fields that decide what comes back; a request's additional fields cannot change them. */
    private static final Set<String> OWN_FIELDS = Set.of("stream", "messages");

    private final OllamaOptions options;

    OllamaRequestMapper(OllamaOptions options) {
        this.options = options;
    }

    /**
     * A request as it goes out.
     *
     * @param body JSON
     * @param warnings what was not sent, or was changed, and why
     */
    record Mapped(byte[] body, List<String> warnings) {}

    Mapped map(ChatRequest request) {
        String model = request.model() != null ? request.model() : options.model();
        if (model == null || model.isBlank()) {
            throw ChatException.builder(
                            ChatException.Kind.INVALID_REQUEST,
                            "No model: neither the request nor the options of " + options.provider() + " name one.")
                    .build();
        }
        ChatOptions asked = request.options().orElse(options.options());
        List<String> warnings = new ArrayList<>();
        OptionSupport.check(OPTIONS, asked, options.provider(), warnings);
        byte[] body = JsonBody.write(asked.additional(), OWN_FIELDS, warnings, out -> {
            out.field("model", model);
            out.field("stream", true);
            out.field(
                    "messages",
                    generator -> new OllamaMessageWriter(options.provider(), generator, warnings)
                            .write(request.system(), request.messages()));
            if (!request.tools().isEmpty()) {
                out.field("tools", generator -> tools(request.tools(), generator));
            }
            out.field("format", format(asked.responseFormat()));
            out.field("think", think(asked.reasoningEffort()));
            out.object("options", sampling(asked));
        });
        return new Mapped(body, List.copyOf(warnings));
    }

    private static @Nullable Object format(@Nullable ResponseFormat format) {
        if (format instanceof ResponseFormat.JsonSchema schema) {
            return schema.schema();
        }
        return format == ResponseFormat.JSON ? "json" : null;
    }

    private static @Nullable Object think(@Nullable String effort) {
        if (effort == null) {
            return null;
        }
        return switch (effort) {
            case "true" -> true;
            case "false", "none" -> false;
            default -> effort;
        };
    }

    private static Map<String, ?> sampling(ChatOptions asked) {
        Map<String, Object> sampling = new LinkedHashMap<>();
        put(sampling, "num_predict", asked.maxTokens());
        put(sampling, "temperature", asked.temperature());
        put(sampling, "top_p", asked.topP());
        put(sampling, "top_k", asked.topK());
        put(sampling, "frequency_penalty", asked.frequencyPenalty());
        put(sampling, "presence_penalty", asked.presencePenalty());
        put(sampling, "stop", asked.stop().isEmpty() ? null : asked.stop());
        put(sampling, "seed", asked.seed());
        return sampling;
    }

    private static void put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private static void tools(List<ToolDefinition> tools, JsonGenerator out) {
        out.writeStartArray();
        for (ToolDefinition tool : tools) {
            out.writeStartObject();
            out.writeStringProperty("type", "function");
            out.writeObjectPropertyStart("function");
            out.writeStringProperty("name", tool.name());
            if (tool.description() != null) {
                out.writeStringProperty("description", tool.description());
            }
            out.writePOJOProperty(
                    "parameters",
                    tool.inputSchema().isEmpty()
                            ? Map.of("type", "object", "properties", Map.of())
                            : tool.inputSchema());
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
