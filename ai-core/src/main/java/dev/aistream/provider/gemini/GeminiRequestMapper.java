package dev.aistream.provider.gemini;

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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes a {@link ChatRequest} as the Gemini API wants it. */
final class GeminiRequestMapper {

    static final List<OptionSupport> OPTIONS = List.of(
            mapped("maxTokens", "`generationConfig.maxOutputTokens`"),
            mapped("temperature", "`generationConfig.temperature`"),
            mapped("topP", "`generationConfig.topP`"),
            mapped("topK", "`generationConfig.topK`"),
            mapped("frequencyPenalty", "`generationConfig.frequencyPenalty`"),
            mapped("presencePenalty", "`generationConfig.presencePenalty`"),
            mapped("stop", "`generationConfig.stopSequences`"),
            mapped("seed", "`generationConfig.seed`"),
            mapped("responseFormat", "`generationConfig.responseMimeType` and `.responseJsonSchema`"),
            mapped("toolChoice", "`toolConfig.functionCallingConfig`"),
            warned("parallelToolCalls", "the provider leaves that to the model"),
            mapped(
                    "reasoningEffort",
                    "`generationConfig.thinkingConfig.thinkingLevel`, `none` as a `thinkingBudget` of 0; a budget of"
                            + " your own goes as the additional field `generationConfig`"),
            mapped(
                    "additional",
                    "as it is; `tools` are added to those of the request, `generationConfig` and `toolConfig` are"
                            + " merged"));

    private static final String GENERATION_CONFIG = "generationConfig";
    private static final String THINKING_CONFIG = "thinkingConfig";

    /** Fields that decide what comes back; a request's additional fields cannot change them. */
    private static final Set<String> OWN_FIELDS = Set.of("contents");

    private final GeminiOptions options;

    GeminiRequestMapper(GeminiOptions options) {
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
            throw invalid("No model: neither the request nor the options of " + options.provider() + " name one.");
        }
        ChatOptions asked = request.options().orElse(options.options());
        List<String> warnings = new ArrayList<>();
        OptionSupport.check(OPTIONS, asked, options.provider(), warnings);
        refuseSeveralCandidates(asked);
        GeminiContentWriter contents = new GeminiContentWriter(options.provider(), request.messages(), warnings);
        List<String> system = contents.system(request.system());
        byte[] body = JsonBody.write(asked.additional(), OWN_FIELDS, warnings, out -> {
            if (!system.isEmpty()) {
                out.field("systemInstruction", Map.of("parts", texts(system)));
            }
            out.field("contents", contents::write);
            boolean tools = tools(request.tools(), out, warnings);
            toolChoice(asked.toolChoice(), tools, out, warnings);
            out.object(GENERATION_CONFIG, generationConfig(asked, out.takeMembers(GENERATION_CONFIG)));
        });
        return new Mapped(model, body, List.copyOf(warnings));
    }

    private static void refuseSeveralCandidates(ChatOptions asked) {
        if (asked.additional().get(GENERATION_CONFIG) instanceof Map<?, ?> config
                && config.get("candidateCount") instanceof Number count
                && count.intValue() > 1) {
            throw invalid("candidateCount above 1 is not supported: one call streams one answer.");
        }
    }

    private static ChatException invalid(String message) {
        return ChatException.builder(ChatException.Kind.INVALID_REQUEST, message)
                .build();
    }

    private static List<Map<String, String>> texts(List<String> texts) {
        return texts.stream().map(text -> Map.of("text", text)).toList();
    }

    private static boolean tools(List<ToolDefinition> tools, JsonBody out, List<String> warnings) {
        List<?> own = out.takeElements("tools");
        if (tools.isEmpty() && own.isEmpty()) {
            return out.own("tools") != null;
        }
        if (tools.stream().anyMatch(tool -> tool.strict() != null)) {
            warnings.add("strict is not sent: the provider takes it for all tools or none, as the additional field"
                    + " toolConfig.functionCallingConfig.mode VALIDATED");
        }
        out.field("tools", generator -> {
            generator.writeStartArray();
            if (!tools.isEmpty()) {
                generator.writeStartObject();
                generator.writeArrayPropertyStart("functionDeclarations");
                tools.forEach(tool -> declaration(tool, generator));
                generator.writeEndArray();
                generator.writeEndObject();
            }
            own.forEach(generator::writePOJO);
            generator.writeEndArray();
        });
        return true;
    }

    private static void declaration(ToolDefinition tool, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("name", tool.name());
        if (tool.description() != null) {
            out.writeStringProperty("description", tool.description());
        }
        if (!tool.inputSchema().isEmpty()) {
            out.writePOJOProperty("parametersJsonSchema", tool.inputSchema());
        }
        out.writeEndObject();
    }

    private static void toolChoice(@Nullable ToolChoice choice, boolean tools, JsonBody out, List<String> warnings) {
        Map<String, Object> config = new LinkedHashMap<>();
        if (choice != null && tools) {
            if (choice instanceof ToolChoice.Named named) {
                config.put("mode", "ANY");
                config.put("allowedFunctionNames", List.of(named.name()));
            } else {
                config.put("mode", choice == ToolChoice.NONE ? "NONE" : choice == ToolChoice.REQUIRED ? "ANY" : "AUTO");
            }
        } else if (choice != null && choice != ToolChoice.NONE) {
            warnings.add("toolChoice is not sent: the request has no tools");
        }
        out.object("toolConfig", config.isEmpty() ? config : Map.of("functionCallingConfig", config));
    }

    private static Map<String, ?> generationConfig(ChatOptions asked, Map<?, ?> own) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("temperature", asked.temperature());
        config.put("topP", asked.topP());
        config.put("topK", asked.topK());
        config.put("maxOutputTokens", asked.maxTokens());
        config.put("stopSequences", asked.stop().isEmpty() ? null : asked.stop());
        config.put("presencePenalty", asked.presencePenalty());
        config.put("frequencyPenalty", asked.frequencyPenalty());
        config.put("seed", asked.seed());
        if (asked.responseFormat() instanceof ResponseFormat.JsonSchema schema) {
            config.put("responseMimeType", "application/json");
            config.put("responseJsonSchema", schema.schema());
        } else if (asked.responseFormat() == ResponseFormat.JSON) {
            config.put("responseMimeType", "application/json");
        }
        own.forEach((name, value) -> config.put(String.valueOf(name), value));
        if (asked.reasoningEffort() != null) {
            config.put(THINKING_CONFIG, thinkingConfig(asked.reasoningEffort(), config.get(THINKING_CONFIG)));
        }
        config.values().removeIf(value -> value == null);
        return config;
    }

    /** The request's own members stay: a level beside a budget is refused by the provider. */
    private static Map<String, Object> thinkingConfig(String effort, @Nullable Object own) {
        Map<String, Object> thinking = new LinkedHashMap<>();
        if (own instanceof Map<?, ?> members) {
            members.forEach((name, value) -> thinking.put(String.valueOf(name), value));
        }
        if (!thinking.containsKey("thinkingBudget") && !thinking.containsKey("thinkingLevel")) {
            if (effort.equals("none")) {
                thinking.put("thinkingBudget", 0);
            } else {
                thinking.put("thinkingLevel", effort.toUpperCase(Locale.ROOT));
            }
        }
        return thinking;
    }
}
