package dev.aistream.provider.responses;

import static dev.aistream.provider.OptionSupport.mapped;
import static dev.aistream.provider.OptionSupport.warned;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatOptions;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ResponseFormat;
import dev.aistream.chat.ToolChoice;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.JsonBody;
import dev.aistream.provider.OptionSupport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Writes a {@link ChatRequest} as the Responses API wants it. Thread-safe. */
final class OpenAiResponsesRequestMapper {

    static final List<OptionSupport> OPTIONS = List.of(
            mapped("maxTokens", "`max_output_tokens`"),
            mapped("temperature", "`temperature`"),
            mapped("topP", "`top_p`"),
            warned("topK", "the Responses API does not take it"),
            warned("frequencyPenalty", "the Responses API has no penalties"),
            warned("presencePenalty", "the Responses API has no penalties"),
            warned("stop", "the Responses API has no stop sequences"),
            warned("seed", "the Responses API has no seed"),
            mapped("responseFormat", "`text.format`"),
            mapped("toolChoice", "`tool_choice`"),
            mapped("parallelToolCalls", "`parallel_tool_calls`"),
            mapped("reasoningEffort", "`reasoning.effort`"),
            mapped(
                    "additional",
                    "as it is; `tools` are added to those of the request, `reasoning` and `text` are merged"));

    /** Fields that decide what comes back; a request's additional fields cannot change them. */
    private static final Set<String> OWN_FIELDS = Set.of("stream", "input");

    private static final Map<String, ?> NO_ARGUMENTS = Map.of("type", "object", "properties", Map.of());

    private final OpenAiResponsesOptions options;

    OpenAiResponsesRequestMapper(OpenAiResponsesOptions options) {
        this.options = options;
    }

    /**
     * A request as it goes out.
     *
     * @param body JSON
     * @param background whether the provider shall work on without us
     * @param warnings what was not sent, or was changed, and why
     */
    record Mapped(byte[] body, boolean background, List<String> warnings) {}

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
        boolean background = asked.additional().get("background") instanceof Boolean own ? own : options.background();
        Object store =
                asked.additional().containsKey("store") ? asked.additional().get("store") : options.store();
        boolean stored = !Boolean.FALSE.equals(store);
        byte[] body = JsonBody.write(asked.additional(), OWN_FIELDS, warnings, out -> {
            out.field("model", model);
            out.field("instructions", request.system());
            ResponsesInputWriter input = new ResponsesInputWriter(options.provider(), stored, warnings);
            out.field("input", generator -> input.write(request.messages(), generator));
            out.field("stream", true);
            out.field("store", options.store());
            out.field("background", background ? true : null);
            out.field("max_output_tokens", asked.maxTokens());
            out.field("temperature", asked.temperature());
            out.field("top_p", asked.topP());
            boolean tools = tools(request.tools(), out);
            toolChoice(asked, tools, out, warnings);
            reasoning(asked, stored, out);
            out.object("text", text(asked));
        });
        return new Mapped(body, background, List.copyOf(warnings));
    }

    /** What the provider does not keep must come with the answer, or the next turn would miss it. */
    private static void reasoning(ChatOptions asked, boolean stored, JsonBody out) {
        boolean reasons = asked.reasoningEffort() != null || out.own("reasoning") != null;
        if (reasons && !stored) {
            out.field("include", List.of("reasoning.encrypted_content"));
        }
        out.object("reasoning", asked.reasoningEffort() == null ? Map.of() : Map.of("effort", asked.reasoningEffort()));
    }

    private static boolean tools(List<ToolDefinition> tools, JsonBody out) {
        List<?> own = out.takeElements("tools");
        if (tools.isEmpty() && own.isEmpty()) {
            return out.own("tools") != null;
        }
        out.field("tools", generator -> {
            generator.writeStartArray();
            tools.forEach(tool -> tool(tool, generator));
            own.forEach(generator::writePOJO);
            generator.writeEndArray();
        });
        return true;
    }

    private static void tool(ToolDefinition tool, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("type", "function");
        out.writeStringProperty("name", tool.name());
        if (tool.description() != null) {
            out.writeStringProperty("description", tool.description());
        }
        out.writePOJOProperty("parameters", tool.inputSchema().isEmpty() ? NO_ARGUMENTS : tool.inputSchema());
        if (tool.strict() != null) {
            out.writeBooleanProperty("strict", tool.strict());
        }
        out.writeEndObject();
    }

    private static void toolChoice(ChatOptions asked, boolean tools, JsonBody out, List<String> warnings) {
        ToolChoice choice = asked.toolChoice();
        if (!tools) {
            if ((choice != null && choice != ToolChoice.NONE) || asked.parallelToolCalls() != null) {
                warnings.add("toolChoice and parallelToolCalls are not sent: the request has no tools");
            }
            return;
        }
        if (choice instanceof ToolChoice.Named named) {
            out.field("tool_choice", Map.of("type", "function", "name", named.name()));
        } else if (choice != null) {
            out.field(
                    "tool_choice",
                    choice == ToolChoice.NONE ? "none" : choice == ToolChoice.REQUIRED ? "required" : "auto");
        }
        out.field("parallel_tool_calls", asked.parallelToolCalls());
    }

    private static Map<String, ?> text(ChatOptions asked) {
        ResponseFormat format = asked.responseFormat();
        if (format == null) {
            return Map.of();
        }
        Map<String, Object> value = new LinkedHashMap<>();
        if (format instanceof ResponseFormat.JsonSchema schema) {
            value.put("type", "json_schema");
            value.put("name", schema.name());
            if (schema.description() != null) {
                value.put("description", schema.description());
            }
            value.put("schema", schema.schema());
            if (schema.strict() != null) {
                value.put("strict", schema.strict());
            }
        } else {
            value.put("type", format == ResponseFormat.JSON ? "json_object" : "text");
        }
        return Map.of("format", value);
    }
}
