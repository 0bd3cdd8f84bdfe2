package dev.aistream.provider.anthropic;

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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes a {@link ChatRequest} as the Messages API wants it. */
final class AnthropicRequestMapper {

    static final List<OptionSupport> OPTIONS = List.of(
            mapped(
                    "maxTokens",
                    "`max_tokens`, which the provider requires: 4096 where neither request nor properties"
                            + " say, on top of `thinking.budget_tokens` where that is given"),
            mapped("temperature", "`temperature`"),
            mapped("topP", "`top_p`"),
            mapped("topK", "`top_k`"),
            warned("frequencyPenalty", "the provider has no penalties"),
            warned("presencePenalty", "the provider has no penalties"),
            mapped("stop", "`stop_sequences`"),
            warned("seed", "the provider has no seed"),
            mapped("responseFormat", "`output_config.format` with a schema; JSON without one is warned about"),
            mapped("toolChoice", "`tool_choice`"),
            mapped("parallelToolCalls", "`tool_choice.disable_parallel_tool_use`"),
            mapped(
                    "reasoningEffort",
                    "`output_config.effort`, `none` as `thinking` of type `disabled`; a budget goes as the"
                            + " additional field `thinking`"),
            mapped("additional", "as it is; `tools` are added to those of the request, `output_config` is merged"));

    /** Fields that decide what comes back; a request's additional fields cannot change them. */
    private static final Set<String> OWN_FIELDS = Set.of("stream", "messages");

    /** What every model of the provider can generate. */
    static final int DEFAULT_MAX_TOKENS = 4096;

    private static final String NO_EFFORT = "none";

    private final AnthropicOptions options;

    AnthropicRequestMapper(AnthropicOptions options) {
        this.options = options;
    }

    /**
     * A request as it goes out.
     *
     * @param model the model asked for
     * @param body JSON
     * @param warnings what was not sent, or was changed, and why
     */
    record Mapped(String model, byte[] body, List<String> warnings) {}

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
        AnthropicMessageWriter messages = new AnthropicMessageWriter(options.provider(), request.messages(), warnings);
        List<String> system = messages.system(request.system());
        byte[] body = JsonBody.write(asked.additional(), OWN_FIELDS, warnings, out -> {
            if (!options.modelInPath()) {
                out.field("model", model);
            }
            out.field("max_tokens", maxTokens(asked));
            out.field("stream", true);
            system(system, out);
            out.field("messages", messages::write);
            sampling(asked, out);
            out.field("thinking", NO_EFFORT.equals(asked.reasoningEffort()) ? Map.of("type", "disabled") : null);
            boolean tools = tools(request.tools(), out);
            toolChoice(asked, tools, out, warnings);
            out.object("output_config", outputConfig(asked, warnings));
        });
        return new Mapped(model, body, List.copyOf(warnings));
    }

    /** Thinking counts towards the limit, so that a default below its budget would be refused. */
    private static int maxTokens(ChatOptions asked) {
        if (asked.maxTokens() != null) {
            return asked.maxTokens();
        }
        int budget = asked.additional().get("thinking") instanceof Map<?, ?> thinking
                        && thinking.get("budget_tokens") instanceof Number tokens
                ? tokens.intValue()
                : 0;
        return DEFAULT_MAX_TOKENS + budget;
    }

    private static void system(List<String> system, JsonBody out) {
        if (system.size() == 1) {
            out.field("system", system.get(0));
        } else if (!system.isEmpty()) {
            out.field(
                    "system",
                    system.stream()
                            .map(text -> Map.of("type", "text", "text", text))
                            .toList());
        }
    }

    private static void sampling(ChatOptions asked, JsonBody out) {
        out.field("temperature", asked.temperature());
        out.field("top_p", asked.topP());
        out.field("top_k", asked.topK());
        out.field("stop_sequences", asked.stop().isEmpty() ? null : asked.stop());
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
        out.writeStringProperty("name", tool.name());
        if (tool.description() != null) {
            out.writeStringProperty("description", tool.description());
        }
        out.writeObjectPropertyStart("input_schema");
        if (!tool.inputSchema().containsKey("type")) {
            out.writeStringProperty("type", "object");
        }
        tool.inputSchema().forEach(out::writePOJOProperty);
        out.writeEndObject();
        if (tool.strict() != null) {
            out.writeBooleanProperty("strict", tool.strict());
        }
        out.writeEndObject();
    }

    private static void toolChoice(ChatOptions asked, boolean tools, JsonBody out, List<String> warnings) {
        ToolChoice choice = asked.toolChoice();
        if (choice == null && asked.parallelToolCalls() == null) {
            return;
        }
        if (!tools) {
            if (choice != ToolChoice.NONE) {
                warnings.add("toolChoice and parallelToolCalls are not sent: the request has no tools");
            }
            return;
        }
        Map<String, Object> value = new LinkedHashMap<>();
        if (choice instanceof ToolChoice.Named named) {
            value.put("type", "tool");
            value.put("name", named.name());
        } else {
            value.put("type", choice == ToolChoice.NONE ? "none" : choice == ToolChoice.REQUIRED ? "any" : "auto");
        }
        if (asked.parallelToolCalls() != null && choice != ToolChoice.NONE) {
            value.put("disable_parallel_tool_use", !asked.parallelToolCalls());
        }
        out.field("tool_choice", value);
    }

    private static Map<String, ?> outputConfig(ChatOptions asked, List<String> warnings) {
        Map<String, Object> config = new LinkedHashMap<>();
        if (asked.reasoningEffort() != null && !asked.reasoningEffort().equals(NO_EFFORT)) {
            config.put("effort", asked.reasoningEffort());
        }
        @Nullable ResponseFormat format = asked.responseFormat();
        if (format instanceof ResponseFormat.JsonSchema schema) {
            config.put("format", Map.of("type", "json_schema", "schema", schema.schema()));
        } else if (format == ResponseFormat.JSON) {
            warnings.add("responseFormat is not sent: the provider takes JSON with a schema only, so ask for it in the"
                    + " prompt");
        }
        return config;
    }
}
