package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatOptions;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ResponseFormat;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.ToolChoice;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.openai.OpenAiRequestMapper.Mapped;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenAiRequestMapperTests {

    private static final OpenAiOptions OPENAI = OpenAiOptions.builder().build();
    private static final OpenAiOptions COMPATIBLE = OpenAiOptions.builder()
            .provider("vllm")
            .baseUrl(URI.create("http://localhost:8000/v1"))
            .model("qwen3")
            .build();

    private static final ToolDefinition WEATHER = ToolDefinition.of(
            "weather", "Weather of a city", Map.of("type", "object", "properties", Map.of("city", Map.of())));

    @Test
    void theLeastRequestHasModelMessagesStreamAndUsage() {
        assertBody(ChatRequest.of("Hi"), OPENAI, """
                {"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],
                 "stream":true,"stream_options":{"include_usage":true}}
                """);
    }

    @Test
    void everyOptionIsSent() {
        ChatRequest request = ChatRequest.builder()
                .model("gpt-5")
                .system("Be brief")
                .prompt("Hi")
                .maxTokens(200)
                .temperature(0.2)
                .topP(0.9)
                .frequencyPenalty(0.1)
                .presencePenalty(-0.1)
                .stop("END", "STOP")
                .seed(42L)
                .responseFormat(ResponseFormat.JSON)
                .toolChoice(ToolChoice.REQUIRED)
                .parallelToolCalls(false)
                .reasoningEffort("low")
                .tools(WEATHER)
                .additional("verbosity", "low")
                .additional("metadata", Map.of("a", "b"))
                .build();

        assertBody(request, OPENAI, """
                {"model":"gpt-5",
                 "messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"Hi"}],
                 "stream":true,"stream_options":{"include_usage":true},
                 "max_completion_tokens":200,"temperature":0.2,"top_p":0.9,
                 "frequency_penalty":0.1,"presence_penalty":-0.1,"stop":["END","STOP"],"seed":42,
                 "response_format":{"type":"json_object"},"reasoning_effort":"low",
                 "tools":[{"type":"function","function":{"name":"weather","description":"Weather of a city",
                   "parameters":{"type":"object","properties":{"city":{}}}}}],
                 "tool_choice":"required","parallel_tool_calls":false,
                 "verbosity":"low","metadata":{"a":"b"}}
                """);
    }

    @Test
    void topKIsAWarningWhereTheProviderDoesNotTakeIt() {
        ChatRequest request = ChatRequest.builder().prompt("Hi").topK(40).build();

        Mapped openAi = new OpenAiRequestMapper(OPENAI).map(request);
        assertThat(json(openAi).has("top_k")).isFalse();
        assertThat(openAi.warnings()).containsExactly("topK is not sent: openai does not take it");

        Mapped compatible = new OpenAiRequestMapper(COMPATIBLE).map(request);
        assertThat(json(compatible).path("top_k").asInt()).isEqualTo(40);
        assertThat(compatible.warnings()).isEmpty();
    }

    @Test
    void compatibleServersKnowTheFormerNameOfMaxTokens() {
        ChatRequest request = ChatRequest.builder().prompt("Hi").maxTokens(5).build();

        assertThat(json(map(request, COMPATIBLE)).path("max_tokens").asInt()).isEqualTo(5);
        assertThat(json(map(request, COMPATIBLE)).has("max_completion_tokens")).isFalse();
    }

    @Test
    void usageCanBeSwitchedOff() {
        OpenAiOptions without = OpenAiOptions.builder().includeUsage(false).build();

        assertThat(json(map(ChatRequest.of("Hi"), without)).has("stream_options"))
                .isFalse();
        ChatRequest asks = ChatRequest.builder().prompt("Hi").includeUsage(true).build();
        assertThat(json(map(asks, without)).has("stream_options")).isTrue();
        ChatRequest asksNot =
                ChatRequest.builder().prompt("Hi").includeUsage(false).build();
        assertThat(json(map(asksNot, OPENAI)).has("stream_options")).isFalse();
    }

    @Test
    void additionalFieldsWinButDoNotReplaceTheConversation() {
        ChatRequest request = ChatRequest.builder()
                .prompt("Hi")
                .temperature(0.2)
                .additional("temperature", 1)
                .additional("stream", false)
                .additional("messages", List.of())
                .additional("stream_options", Map.of("include_obfuscation", false))
                .additional("safety_identifier", null)
                .build();

        Mapped mapped = map(request, OPENAI);

        assertThat(mapped.warnings())
                .containsExactly(
                        "stream is not sent: an additional field cannot replace it",
                        "messages is not sent: an additional field cannot replace it");
        assertBody(request, OPENAI, """
                {"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"stream":true,"temperature":1,
                 "stream_options":{"include_obfuscation":false,"include_usage":true},"safety_identifier":null}
                """);
    }

    @Test
    void defaultsFillWhatTheRequestLeavesOpen() {
        OpenAiOptions defaults = OpenAiOptions.builder()
                .options(ChatRequest.builder()
                        .prompt("-")
                        .temperature(0.7)
                        .maxTokens(9)
                        .additional("user", "u")
                        .build()
                        .options())
                .build();
        JsonNode body =
                json(map(ChatRequest.builder().prompt("Hi").temperature(0.1).build(), defaults));

        assertThat(body.path("temperature").asDouble()).isEqualTo(0.1);
        assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(9);
        assertThat(body.path("user").asString()).isEqualTo("u");
        assertThat(defaults.options()).isNotEqualTo(ChatOptions.NONE);
    }

    @Test
    void aSchemaIsSentWithItsName() {
        ChatRequest request = ChatRequest.builder()
                .prompt("Hi")
                .responseFormat(ResponseFormat.jsonSchema("person", Map.of("type", "object")))
                .build();

        assertThat(json(map(request, OPENAI)).path("response_format").toString())
                .isEqualTo("{\"type\":\"json_schema\",\"json_schema\":"
                        + "{\"name\":\"person\",\"schema\":{\"type\":\"object\"},\"strict\":true}}");
        assertThat(json(map(
                                ChatRequest.builder()
                                        .prompt("Hi")
                                        .responseFormat(ResponseFormat.TEXT)
                                        .build(),
                                OPENAI))
                        .path("response_format")
                        .toString())
                .isEqualTo("{\"type\":\"text\"}");
    }

    @Test
    void toolChoicesAreSentWithToolsOnly() {
        ChatRequest.Builder request = ChatRequest.builder().prompt("Hi").tools(WEATHER);

        assertThat(toolChoice(request.toolChoice(ToolChoice.AUTO))).isEqualTo("\"auto\"");
        assertThat(toolChoice(request.toolChoice(ToolChoice.NONE))).isEqualTo("\"none\"");
        assertThat(toolChoice(request.toolChoice(ToolChoice.tool("weather"))))
                .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}");

        ChatRequest withoutTools =
                ChatRequest.builder().prompt("Hi").toolChoice(ToolChoice.AUTO).build();
        assertThat(map(withoutTools, OPENAI).warnings())
                .containsExactly("toolChoice is not sent: the request has no tools");
        assertThat(json(map(withoutTools, OPENAI)).has("tool_choice")).isFalse();
    }

    private static String toolChoice(ChatRequest.Builder request) {
        return json(map(request.build(), OPENAI)).path("tool_choice").toString();
    }

    @Test
    void aToolWithoutArgumentsHasAnEmptySchema() {
        ChatRequest request = ChatRequest.builder()
                .prompt("Hi")
                .tools(new ToolDefinition("now", null, Map.of(), true))
                .build();

        JsonNode function = json(map(request, OPENAI)).path("tools").path(0).path("function");
        assertThat(function.path("parameters").path("type").asString()).isEqualTo("object");
        assertThat(function.path("strict").asBoolean()).isTrue();
        assertThat(function.has("description")).isFalse();
    }

    @Test
    void imagesGoByAddressOrByValue() {
        ChatRequest request = ChatRequest.builder()
                .messages(Message.user(
                        new Content.Text("What is this?"),
                        Content.Image.of(URI.create("https://images.example/a.png")),
                        Content.Image.of(new byte[] {1, 2, 3}, "image/png")))
                .build();

        assertThat(json(map(request, OPENAI)).path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is this?\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://images.example/a.png\"}},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AQID\"}}]}]");
    }

    @Test
    void aConversationWithToolsGoesBack() {
        ToolCall call = new ToolCall(
                "call_a",
                "weather",
                "{\"city\":\"Rome\"}",
                true,
                Map.of("extra_content", Map.of("google", Map.of("thought_signature", "c2ln")), "other", 1));
        ChatRequest request = ChatRequest.builder()
                .messages(
                        Message.system("Be brief"),
                        Message.user("Weather in Rome?"),
                        new Message.Assistant(
                                List.of(new Content.Reasoning("I need the tool", Map.of()), new Content.ToolUse(call))),
                        Message.toolResult(call, "18 °C"),
                        Message.assistant("Mild."),
                        Message.user("Thanks"))
                .build();

        assertThat(json(map(request, OPENAI)).path("messages"))
                .isEqualTo(JsonMapper.shared().readTree("""
                [{"role":"system","content":"Be brief"},
                 {"role":"user","content":"Weather in Rome?"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"function",
                   "function":{"name":"weather","arguments":"{\\"city\\":\\"Rome\\"}"},
                   "extra_content":{"google":{"thought_signature":"c2ln"}}}]},
                 {"role":"tool","tool_call_id":"call_a","content":"18 °C"},
                 {"role":"assistant","content":"Mild."},
                 {"role":"user","content":"Thanks"}]
                """));
    }

    @Test
    void aCustomToolsCallGoesBackAsOneAndACutCallDoesNot() {
        ToolCall custom = new ToolCall("call_a", "sql", "SELECT 1", true, Map.of("type", "custom"));
        ToolCall cut = new ToolCall("call_b", "weather", "{\"ci", false, Map.of());
        ChatRequest request = ChatRequest.builder()
                .messages(
                        new Message.Assistant(List.of(new Content.ToolUse(custom), new Content.ToolUse(cut))),
                        Message.toolResult(cut, "18 °C"),
                        Message.user("Wait"),
                        Message.toolResult(custom, "1"))
                .build();

        assertThat(json(map(request, OPENAI)).path("messages"))
                .isEqualTo(JsonMapper.shared().readTree("""
                [{"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"custom",
                   "custom":{"name":"sql","input":"SELECT 1"}}]},
                 {"role":"tool","tool_call_id":"call_a","content":"1"},
                 {"role":"user","content":"Wait"}]
                """));
    }

    @Test
    void reasoningGoesBackWhereTheServerWantsIt() {
        OpenAiOptions deepSeek = OpenAiOptions.builder()
                .provider("deepseek")
                .model("deepseek-reasoner")
                .reasoningField("reasoning_content")
                .build();
        ChatRequest request = ChatRequest.builder()
                .messages(
                        Message.user("2+2?"),
                        new Message.Assistant(List.of(
                                new Content.Reasoning("Easy", Map.of()),
                                new Content.Text("4"),
                                new Content.Native(
                                        "deepseek",
                                        Map.of("type", "reasoning_details", "reasoning_details", List.of(1))),
                                new Content.Native("anthropic", Map.of("type", "redacted_thinking", "data", "x")))),
                        Message.user("Sure?"))
                .build();

        assertThat(json(map(request, deepSeek)).path("messages").path(1).toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"4\",\"reasoning_content\":\"Easy\","
                        + "\"reasoning_details\":[1]}");
        assertThat(json(map(request, OPENAI)).path("messages").path(1).toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"4\"}");
    }

    @Test
    void aTurnWithCallsSaysThatItHadNoReasoning() {
        OpenAiOptions deepSeek = OpenAiOptions.builder()
                .provider("deepseek")
                .model("deepseek-chat")
                .reasoningField("reasoning_content")
                .build();
        ToolCall call = new ToolCall("call_a", "now", "{}");
        ChatRequest request = ChatRequest.builder()
                .messages(
                        Message.user("Time?"),
                        new Message.Assistant(List.of(new Content.ToolUse(call))),
                        Message.toolResult(call, "12:00"))
                .build();

        assertThat(json(map(request, deepSeek)).path("messages").path(1).toString())
                .startsWith("{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\",\"tool_calls\":");
        assertThat(json(map(request, OPENAI)).path("messages").path(1).has("reasoning_content"))
                .isFalse();
    }

    @Test
    void whatAMessageCannotHoldIsAWarning() {
        ChatRequest request = ChatRequest.builder()
                .messages(
                        Message.user(new Content.Text("a"), new Content.Reasoning("b", Map.of())),
                        new Message.Assistant(List.of(Content.Image.of(URI.create("https://images.example/a.png")))),
                        Message.user("c"))
                .build();

        assertThat(map(request, OPENAI).warnings()).hasSize(2);
    }

    @Test
    void aRequestWithoutAnyModelIsRefused() {
        OpenAiOptions noModel = OpenAiOptions.builder().provider("vllm").build();

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> map(ChatRequest.of("Hi"), noModel))
                .matches(failure -> failure.kind() == Kind.INVALID_REQUEST)
                .withMessageContaining("vllm");
    }

    private static Mapped map(ChatRequest request, OpenAiOptions options) {
        return new OpenAiRequestMapper(options).map(request);
    }

    private static JsonNode json(Mapped mapped) {
        return JsonMapper.shared().readTree(mapped.body());
    }

    private static void assertBody(ChatRequest request, OpenAiOptions options, String expected) {
        assertThat(json(map(request, options))).isEqualTo(JsonMapper.shared().readTree(expected));
    }
}
