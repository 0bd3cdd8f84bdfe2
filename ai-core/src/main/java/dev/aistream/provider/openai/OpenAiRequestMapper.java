package dev.aistream.provider.openai;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatOptions;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ResponseFormat;
import dev.aistream.chat.ToolChoice;
import dev.aistream.chat.ToolDefinition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes a {@link ChatRequest} as the JSON that Chat Completions takes. Thread-safe. */
final class OpenAiRequestMapper {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Fields that decide what comes back; a request's additional fields cannot change them. */
    private static final Set<String> OWN_FIELDS = Set.of("stream", "messages");

    /** Azure's addresses name the model themselves. */
    private static final String DEPLOYMENTS = "/deployments/";

    private static final Map<String, ?> NO_ARGUMENTS = Map.of("type", "object", "properties", Map.of());

    private final OpenAiOptions options;

    OpenAiRequestMapper(OpenAiOptions options) {
        this.options = options;
    }

    /**
     * What is sent.
     *
     * @param body JSON in UTF-8
     * @param warnings what of the request is not in it
     */
    record Mapped(byte[] body, List<String> warnings) {}

    /**
     * Maps a request.
     * @throws ChatException of kind {@code INVALID_REQUEST} if neither request, options nor address name a model
     */
    Mapped map(ChatRequest request) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
        List<String> warnings = new ArrayList<>();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            new Body(json, request, request.options().orElse(options.options()), warnings).write();
        }
        return new Mapped(body.toByteArray(), List.copyOf(warnings));
    }

    private @Nullable String model(ChatRequest request) {
        String model = request.model() != null ? request.model() : options.model();
        if (model != null && !model.isBlank()) {
            return model;
        }
        if (options.endpoint().getPath().contains(DEPLOYMENTS)) {
            return null;
        }
        throw ChatException.builder(
                        Kind.INVALID_REQUEST,
                        "No model: neither the request nor the options of " + options.provider() + " name one.")
                .build();
    }

    /** One request being written. */
    private final class Body {

        private final JsonGenerator json;
        private final ChatRequest request;
        private final ChatOptions how;
        private final Map<String, ?> additional;
        private final List<String> warnings;

        Body(JsonGenerator json, ChatRequest request, ChatOptions how, List<String> warnings) {
            this.json = json;
            this.request = request;
            this.how = how;
            this.additional = how.additional();
            this.warnings = warnings;
        }

        void write() {
            json.writeStartObject();
            field("model", model(request));
            json.writeName("messages");
            new OpenAiMessageWriter(json, options, warnings).write(request.system(), request.messages());
            json.writeBooleanProperty("stream", true);
            streamOptions();
            sampling();
            if (how.responseFormat() != null && isOurs("response_format")) {
                responseFormat(how.responseFormat());
            }
            field("reasoning_effort", how.reasoningEffort());
            tools();
            additional();
            json.writeEndObject();
        }

        private void streamOptions() {
            boolean usage = request.includeUsage() != null ? request.includeUsage() : options.includeUsage();
            if (usage && isOurs("stream_options")) {
                json.writeObjectPropertyStart("stream_options");
                json.writeBooleanProperty("include_usage", true);
                json.writeEndObject();
            }
        }

        private void sampling() {
            field(options.maxTokensField(), how.maxTokens());
            field("temperature", how.temperature());
            field("top_p", how.topP());
            if (how.topK() != null && !options.acceptsTopK()) {
                warnings.add("topK is not sent: " + options.provider() + " does not take it");
            } else {
                field("top_k", how.topK());
            }
            field("frequency_penalty", how.frequencyPenalty());
            field("presence_penalty", how.presencePenalty());
            field("stop", how.stop().isEmpty() ? null : how.stop());
            field("seed", how.seed());
        }

        private void responseFormat(ResponseFormat format) {
            json.writeObjectPropertyStart("response_format");
            if (format instanceof ResponseFormat.JsonSchema schema) {
                json.writeStringProperty("type", "json_schema");
                json.writeObjectPropertyStart("json_schema");
                json.writeStringProperty("name", schema.name());
                value("description", schema.description());
                value("schema", schema.schema());
                value("strict", schema.strict());
                json.writeEndObject();
            } else {
                json.writeStringProperty("type", format == ResponseFormat.JSON ? "json_object" : "text");
            }
            json.writeEndObject();
        }

        private void tools() {
            if (isOurs("tools")) {
                if (request.tools().isEmpty()) {
                    needsTools("toolChoice", how.toolChoice());
                    needsTools("parallelToolCalls", how.parallelToolCalls());
                    return;
                }
                json.writeArrayPropertyStart("tools");
                request.tools().forEach(this::tool);
                json.writeEndArray();
            }
            if (how.toolChoice() != null && isOurs("tool_choice")) {
                toolChoice(how.toolChoice());
            }
            field("parallel_tool_calls", how.parallelToolCalls());
        }

        private void needsTools(String option, @Nullable Object value) {
            if (value != null) {
                warnings.add(option + " is not sent: the request has no tools");
            }
        }

        private void tool(ToolDefinition tool) {
            json.writeStartObject();
            json.writeStringProperty("type", "function");
            json.writeObjectPropertyStart("function");
            json.writeStringProperty("name", tool.name());
            value("description", tool.description());
            value("parameters", tool.inputSchema().isEmpty() ? NO_ARGUMENTS : tool.inputSchema());
            value("strict", tool.strict());
            json.writeEndObject();
            json.writeEndObject();
        }

        private void toolChoice(ToolChoice choice) {
            if (choice instanceof ToolChoice.Named named) {
                json.writeObjectPropertyStart("tool_choice");
                json.writeStringProperty("type", "function");
                json.writeObjectPropertyStart("function");
                json.writeStringProperty("name", named.name());
                json.writeEndObject();
                json.writeEndObject();
            } else {
                json.writeStringProperty("tool_choice", word(choice));
            }
        }

        private static String word(ToolChoice choice) {
            if (choice == ToolChoice.NONE) {
                return "none";
            }
            return choice == ToolChoice.REQUIRED ? "required" : "auto";
        }

        private void additional() {
            additional.forEach((name, value) -> {
                if (OWN_FIELDS.contains(name)) {
                    warnings.add(name + " is not sent: an additional field cannot replace it");
                } else if (name.equals("stream_options") && value instanceof Map<?, ?> given) {
                    json.writePOJOProperty(name, withUsage(given));
                } else {
                    json.writePOJOProperty(name, value);
                }
            });
        }

        private Map<?, ?> withUsage(Map<?, ?> given) {
            boolean usage = request.includeUsage() != null ? request.includeUsage() : options.includeUsage();
            if (!usage || given.containsKey("include_usage")) {
                return given;
            }
            Map<Object, @Nullable Object> both = new LinkedHashMap<>(given);
            both.put("include_usage", true);
            return both;
        }

        /** Writes a field of ours, unless it is null or an additional field of the same name takes its place. */
        private void field(String name, @Nullable Object value) {
            if (isOurs(name)) {
                value(name, value);
            }
        }

        /** Without a serializer where none is needed: the first one costs a JVM's first call 20 ms. */
        private void value(String name, @Nullable Object value) {
            if (value instanceof String text) {
                json.writeStringProperty(name, text);
            } else if (value != null) {
                json.writePOJOProperty(name, value);
            }
        }

        private boolean isOurs(String name) {
            return !additional.containsKey(name);
        }
    }
}
