package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sends the conversations that other clients sent to real servers, and compares with what they sent. */
@EnabledIf("recordingsArePresent")
class OpenAiRecordedRequestTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> NAMED = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "temperature",
            "top_p",
            "max_tokens",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "reasoning_effort",
            "n");

    static boolean recordingsArePresent() {
        return OpenAiRecordedStreamTests.folder() != null;
    }

    static Stream<Path> requests() throws IOException {
        try (Stream<OpenAiRecordedStreamTests.Recording> recordings = OpenAiRecordedStreamTests.recordings()) {
            return recordings.map(recording -> request(recording.file())).filter(Files::exists).toList().stream();
        }
    }

    private static Path request(Path recording) {
        String name = recording.getFileName().toString();
        return recording.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".request.json");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void sendsWhatOthersSent(Path file) {
        JsonNode recorded = read(file);
        ChatRequest.Builder request = ChatRequest.builder()
                .model(recorded.path("model").asString(null))
                .messages(messages(recorded.path("messages")))
                .includeUsage(
                        recorded.path("stream_options").path("include_usage").asBoolean(false));
        if (recorded.has("temperature")) {
            request.temperature(recorded.get("temperature").doubleValue());
        }
        if (recorded.has("top_p")) {
            request.topP(recorded.get("top_p").doubleValue());
        }
        if (recorded.has("max_tokens")) {
            request.maxTokens(recorded.get("max_tokens").intValue());
        }
        if (recorded.has("seed")) {
            request.seed(recorded.get("seed").longValue());
        }
        if (recorded.has("frequency_penalty")) {
            request.frequencyPenalty(recorded.get("frequency_penalty").doubleValue());
        }
        if (recorded.has("presence_penalty")) {
            request.presencePenalty(recorded.get("presence_penalty").doubleValue());
        }
        if (recorded.has("reasoning_effort")) {
            request.reasoningEffort(recorded.get("reasoning_effort").asString());
        }
        recorded.forEachEntry((name, value) -> {
            if (!NAMED.contains(name)) {
                request.additional(name, JSON.treeToValue(value, Object.class));
            }
        });

        assertThat(plain(map(request.build(), "reasoning_content"))).isEqualTo(plain(recorded));
    }

    @Test
    void theSecondTurnOfARecordedConversationGoesBack() {
        Path folder = OpenAiRecordedStreamTests.folder().resolve("ollama-openai-compat");
        String name =
                "ruby_llm__chat_function_calling_ollama_qwen3_can_use_tools_with_multi-turn_streaming_conversations";
        Path first = folder.resolve(name + "__i0.sse");
        if (!Files.exists(first)) {
            return;
        }
        Decoded answer = Decoded.whole(bytes(first));
        ToolCall call = answer.toolCalls().get(0);
        JsonNode second = read(folder.resolve(name + "__i1.request.json"));
        ChatRequest request = ChatRequest.builder()
                .model("qwen3")
                .messages(
                        messages(second.path("messages")).get(0),
                        new Message.Assistant(List.of(
                                new Content.Reasoning(answer.reasoning(), Map.of()), new Content.ToolUse(call))),
                        Message.toolResult(
                                call,
                                second.path("messages").path(2).path("content").asString()))
                .build();

        ObjectNode sent = (ObjectNode) map(request, "reasoning");
        ObjectNode recorded = (ObjectNode) second.path("messages").path(1);
        recorded.remove("reasoning_content");
        assertThat(sent.path("messages").path(1).path("reasoning").asString())
                .isEqualTo(recorded.path("reasoning").asString());
        assertThat(plain(sent.path("messages"))).isEqualTo(plain(second.path("messages")));
    }

    private static List<Message> messages(JsonNode recorded) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : recorded) {
            String text = message.path("content").asString("");
            switch (message.path("role").asString()) {
                case "system" -> messages.add(Message.system(text));
                case "tool" ->
                    messages.add(
                            new Message.ToolResult(message.path("tool_call_id").asString(), "", text, false));
                case "assistant" -> messages.add(assistant(message, text));
                default -> messages.add(Message.user(content(message.path("content"))));
            }
        }
        return messages;
    }

    private static Message.Assistant assistant(JsonNode message, String text) {
        List<Content> content = new ArrayList<>();
        if (message.has("reasoning_content")) {
            content.add(new Content.Reasoning(message.path("reasoning_content").asString(), Map.of()));
        }
        if (!text.isEmpty()) {
            content.add(new Content.Text(text));
        }
        for (JsonNode call : message.path("tool_calls")) {
            content.add(new Content.ToolUse(new ToolCall(
                    call.path("id").asString(),
                    call.path("function").path("name").asString(),
                    call.path("function").path("arguments").asString())));
        }
        return new Message.Assistant(content);
    }

    private static Content[] content(JsonNode content) {
        if (content.isString()) {
            return new Content[] {new Content.Text(content.stringValue())};
        }
        List<Content> parts = new ArrayList<>();
        for (JsonNode part : content) {
            parts.add(
                    part.has("image_url")
                            ? Content.Image.of(URI.create(
                                    part.path("image_url").path("url").asString()))
                            : new Content.Text(part.path("text").asString()));
        }
        return parts.toArray(Content[]::new);
    }

    private static JsonNode map(ChatRequest request, String reasoningField) {
        OpenAiOptions options = OpenAiOptions.builder()
                .provider("recorded")
                .baseUrl(URI.create("http://localhost/deployments/it"))
                .reasoningField(reasoningField)
                .build();
        return JSON.readTree(new OpenAiRequestMapper(options).map(request).body());
    }

    /** Without what means nothing: empty content, {@code n} of one, marks of a prompt cache, reasoning sent twice. */
    private static Object plain(JsonNode json) {
        if (json.isArray()) {
            List<Object> list = new ArrayList<>();
            json.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (json.isObject()) {
            Map<String, Object> map = new TreeMap<>();
            json.forEachEntry((name, value) -> {
                boolean nothing = value.isNull()
                        || value.toString().equals("{\"include_usage\":false}")
                        || (Set.of("content", "reasoning_content").contains(name)
                                && value.isString()
                                && value.stringValue().isEmpty())
                        || Set.of("n", "cache_control", "reasoning").contains(name)
                        || (name.equals("content") && value.isArray() && value.isEmpty());
                if (!nothing) {
                    map.put(name, plain(value));
                }
            });
            return map;
        }
        return json.isNumber() ? json.decimalValue().stripTrailingZeros() : json;
    }

    private static JsonNode read(Path file) {
        return JSON.readTree(bytes(file));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
