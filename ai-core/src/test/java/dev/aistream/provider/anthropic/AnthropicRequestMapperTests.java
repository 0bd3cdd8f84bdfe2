package dev.aistream.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatOptions;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ResponseFormat;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.ToolChoice;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.Json;
import dev.aistream.provider.anthropic.AnthropicRequestMapper.Mapped;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AnthropicRequestMapperTests {

    private static final ToolDefinition WEATHER = ToolDefinition.of(
            "weather", "Weather of a city", Map.of("properties", Map.of("city", Map.of("type", "string"))));

    private final AnthropicRequestMapper mapper = new AnthropicRequestMapper(
            AnthropicOptions.builder().model("claude-sonnet-4-5").build());

    private static ChatRequest.Builder ask() {
        return ChatRequest.builder().prompt("Hi");
    }

    private JsonNode body(ChatRequest.Builder request) {
        return Json.of(mapper.map(request.build()).body());
    }

    private JsonNode messages(Message... messages) {
        return body(ChatRequest.builder().messages(messages)).get("messages");
    }

    @Test
    void sendsLittleWhereLittleIsAsked() {
        assertThat((Object) body(ask())).isEqualTo(Json.of("""
                {"model":"claude-sonnet-4-5","max_tokens":4096,"stream":true,
                 "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}"""));
    }

    @Test
    void mapsEveryOptionThatTheProviderTakes() {
        JsonNode body = body(ask().model("claude-opus-4-6")
                .system("Be brief.")
                .maxTokens(100)
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .stop("END", "\n\n")
                .reasoningEffort("high")
                .responseFormat(ResponseFormat.jsonSchema("person", Map.of("type", "object")))
                .tools(WEATHER)
                .toolChoice(ToolChoice.REQUIRED)
                .parallelToolCalls(false)
                .additional("metadata", Map.of("user_id", "u1")));

        assertThat((Object) body).isEqualTo(Json.of("""
                {"model":"claude-opus-4-6","max_tokens":100,"stream":true,"system":"Be brief.",
                 "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],
                 "temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["END","\\n\\n"],
                 "tools":[{"name":"weather","description":"Weather of a city",
                           "input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}],
                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                 "output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}},
                 "metadata":{"user_id":"u1"}}"""));
    }

    @Test
    void warnsAboutWhatTheProviderDoesNotTake() {
        Mapped mapped = mapper.map(ask().frequencyPenalty(0.1)
                .presencePenalty(0.1)
                .seed(7L)
                .responseFormat(ResponseFormat.JSON)
                .build());

        assertThat(mapped.warnings())
                .hasSize(4)
                .anyMatch(warning -> warning.startsWith("frequencyPenalty is not sent"))
                .anyMatch(warning -> warning.startsWith("presencePenalty is not sent"))
                .anyMatch(warning -> warning.startsWith("seed is not sent"))
                .anyMatch(warning -> warning.startsWith("responseFormat is not sent"));
        assertThat(Json.of(mapped.body()).propertyNames())
                .containsExactlyInAnyOrder("model", "max_tokens", "stream", "messages");
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, '{\"type\":\"auto\"}'",
        "NONE, '{\"type\":\"none\"}'",
        "REQUIRED, '{\"type\":\"any\"}'",
    })
    void mapsTheChoiceOfTools(ToolChoice.Mode choice, String expected) {
        assertThat((Object) body(ask().tools(WEATHER).toolChoice(choice)).get("tool_choice"))
                .isEqualTo(Json.of(expected));
    }

    @Test
    void mapsTheChoiceOfOneTool() {
        assertThat((Object) body(ask().tools(WEATHER).toolChoice(ToolChoice.tool("weather")))
                        .get("tool_choice"))
                .isEqualTo(Json.of("{\"type\":\"tool\",\"name\":\"weather\"}"));
    }

    @Test
    void sendsNoChoiceWithoutTools() {
        Mapped mapped = mapper.map(ask().toolChoice(ToolChoice.REQUIRED).build());

        assertThat(Json.of(mapped.body()).has("tool_choice")).isFalse();
        assertThat(mapped.warnings())
                .containsExactly("toolChoice and parallelToolCalls are not sent: the request has no tools");
    }

    @Test
    void leavesRoomForThinkingWhereNoLimitIsGiven() {
        JsonNode body = body(ask().additional("thinking", Map.of("type", "enabled", "budget_tokens", 10000)));

        assertThat(body.get("max_tokens").asInt()).isEqualTo(14096);
        assertThat(body.get("thinking").get("budget_tokens").asInt()).isEqualTo(10000);
    }

    @Test
    void addsHostedToolsAndMergesObjects() {
        JsonNode body = body(ask().tools(WEATHER)
                .reasoningEffort("low")
                .additional("tools", List.of(Map.of("type", "web_search_20250305", "name", "web_search")))
                .additional("output_config", Map.of("effort", "max"))
                .additional("stream", false));

        assertThat(body.get("tools")).hasSize(2);
        assertThat(body.get("tools").get(1).get("name").asString()).isEqualTo("web_search");
        assertThat((Object) body.get("output_config")).isEqualTo(Json.of("{\"effort\":\"max\"}"));
        assertThat(body.get("stream").asBoolean()).isTrue();
    }

    @Test
    void defaultsGiveWayToTheRequest() {
        AnthropicRequestMapper mapper = new AnthropicRequestMapper(AnthropicOptions.builder()
                .model("m")
                .options(ChatRequest.builder()
                        .prompt("x")
                        .maxTokens(7)
                        .temperature(0.1)
                        .build()
                        .options())
                .build());

        JsonNode body = Json.of(mapper.map(ask().temperature(0.9).build()).body());

        assertThat(body.get("max_tokens").asInt()).isEqualTo(7);
        assertThat(body.get("temperature").asDouble()).isEqualTo(0.9);
    }

    @Test
    void putsInstructionsAtTheTop() {
        JsonNode body = body(ChatRequest.builder()
                .system("One.")
                .messages(Message.system("Two."), Message.user("Hi"), Message.system("Three.")));

        assertThat((Object) body.get("system")).isEqualTo(Json.of("""
                [{"type":"text","text":"One."},{"type":"text","text":"Two."},{"type":"text","text":"Three."}]"""));
        assertThat(body.get("messages")).hasSize(1);
    }

    @Test
    void mergesTurnsOfOneRoleAndPutsResultsFirst() {
        ToolCall call = new ToolCall("toolu_1", "weather", "{\"city\":\"Rome\"}");

        assertThat((Object) messages(
                        Message.user("Weather?"),
                        new Message.Assistant(List.of(new Content.ToolUse(call))),
                        Message.user("Quick!"),
                        new Message.ToolResult("toolu_1", "weather", "no such city", true)))
                .isEqualTo(Json.of("""
                [{"role":"user","content":[{"type":"text","text":"Weather?"}]},
                 {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}}]},
                 {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"toolu_1","content":"no such city","is_error":true},
                   {"type":"text","text":"Quick!"}]}]"""));
    }

    @Test
    void sendsThinkingBackAsItCame() {
        assertThat((Object) messages(
                                Message.user("Hi"),
                                new Message.Assistant(List.of(
                                        new Content.Reasoning("Hm.", Map.of("signature", "sig")),
                                        new Content.Native(
                                                "anthropic", Map.of("type", "redacted_thinking", "data", "x")),
                                        new Content.Text(
                                                "Yes",
                                                Map.of(
                                                        "citations",
                                                        List.of(Map.of("type", "char_location")),
                                                        "id",
                                                        "m")))))
                        .get(1)
                        .get("content"))
                .isEqualTo(Json.of("""
                [{"type":"thinking","thinking":"Hm.","signature":"sig"},
                 {"type":"redacted_thinking","data":"x"},
                 {"type":"text","text":"Yes","citations":[{"type":"char_location"}]}]"""));
    }

    @Test
    void leavesOutWhatOtherProvidersWrote() {
        ToolCall cut = new ToolCall("toolu_1", "weather", "{\"ci", false, Map.of());
        Mapped mapped = mapper.map(ChatRequest.builder()
                .messages(
                        Message.user("Hi"),
                        new Message.Assistant(List.of(
                                new Content.Reasoning("Hm.", Map.of("id", "rs_1")),
                                new Content.Native("openai", Map.of("type", "web_search_call")),
                                new Content.Text(""),
                                new Content.ToolUse(cut))),
                        Message.toolResult(cut, "sunny"),
                        Message.user("Again"))
                .build());

        assertThat((Object) Json.of(mapped.body()).get("messages")).isEqualTo(Json.of("""
                [{"role":"user","content":[{"type":"text","text":"Hi"}]},
                 {"role":"user","content":[{"type":"text","text":"Again"}]}]"""));
        assertThat(mapped.warnings()).hasSize(3);
    }

    @Test
    void leavesOutHostedCallsThatWereCut() {
        Mapped mapped = mapper.map(ChatRequest.builder()
                .messages(
                        Message.user("Hi"),
                        new Message.Assistant(List.of(
                                new Content.Text("Let me look."),
                                new Content.Native(
                                        "anthropic",
                                        Map.of("type", "server_tool_use", "name", "web_search", "input", "{\"que")))),
                        Message.user("Go on"))
                .build());

        assertThat((Object) Json.of(mapped.body()).at("/messages/1/content"))
                .isEqualTo(Json.of("[{\"type\":\"text\",\"text\":\"Let me look.\"}]"));
        assertThat(mapped.warnings()).singleElement().asString().contains("web_search");
    }

    @Test
    void noEffortTurnsThinkingOff() {
        JsonNode body = Json.of(mapper.map(ChatRequest.builder()
                        .prompt("Hi")
                        .reasoningEffort("none")
                        .build())
                .body());

        assertThat((Object) body.get("thinking")).isEqualTo(Json.of("{\"type\":\"disabled\"}"));
        assertThat(body.has("output_config")).isFalse();
    }

    @Test
    void makesForeignCallsAcceptable() {
        assertThat((Object) messages(
                                Message.user("Hi"),
                                new Message.Assistant(List.of(
                                        new Content.ToolUse(new ToolCall("functions.sql:0", "sql", "SELECT 1")),
                                        new Content.ToolUse(new ToolCall("b", "now", "")))),
                                new Message.ToolResult("functions.sql:0", "sql", "1", false))
                        .get(1)
                        .get("content"))
                .isEqualTo(Json.of("""
                [{"type":"tool_use","id":"functions_sql_0","name":"sql","input":{"input":"SELECT 1"}},
                 {"type":"tool_use","id":"b","name":"now","input":{}}]"""));
    }

    @Test
    void sendsImages() {
        assertThat((Object) messages(Message.user(
                                new Content.Text("What?", Map.of("cache_control", Map.of("type", "ephemeral"))),
                                Content.Image.of(URI.create("https://img.example/a.png")),
                                Content.Image.of(URI.create("data:image/gif;base64,R0lG")),
                                Content.Image.of(new byte[] {1, 2, 3}, "image/png")))
                        .get(0)
                        .get("content"))
                .isEqualTo(Json.of("""
                [{"type":"text","text":"What?","cache_control":{"type":"ephemeral"}},
                 {"type":"image","source":{"type":"url","url":"https://img.example/a.png"}},
                 {"type":"image","source":{"type":"base64","media_type":"image/gif","data":"R0lG"}},
                 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}]"""));
    }

    @Test
    void namesTheModelInThePathWhereThePathAsks() {
        AnthropicOptions vertex = AnthropicOptions.builder()
                .path("/models/{model}:streamRawPredict")
                .options(ChatRequest.builder()
                        .prompt("x")
                        .additional("anthropic_version", "vertex-2023-10-16")
                        .build()
                        .options())
                .build();
        JsonNode body = Json.of(new AnthropicRequestMapper(vertex)
                .map(ask().model("claude-haiku-4-5@20251001").build())
                .body());

        assertThat(body.has("model")).isFalse();
        assertThat(body.get("anthropic_version").asString()).isEqualTo("vertex-2023-10-16");
        assertThat(vertex.endpoint("claude-haiku-4-5@20251001"))
                .isEqualTo(URI.create("https://api.anthropic.com/models/claude-haiku-4-5@20251001:streamRawPredict"));
    }

    @Test
    void refusesARequestWithoutModelOrTurn() {
        AnthropicRequestMapper modelless =
                new AnthropicRequestMapper(AnthropicOptions.builder().build());

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> modelless.map(ask().build()))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(ChatException.Kind.INVALID_REQUEST));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> mapper.map(
                        ChatRequest.builder().messages(Message.system("x")).build()));
    }

    @Test
    void saysNothingOfWhatCannotBeWritten() {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> mapper.map(ask().additional("odd", new Object() {
                            @Override
                            public String toString() {
                                return "secret";
                            }

                            public String getBoom() {
                                throw new IllegalStateException("secret");
                            }
                        })
                        .build()))
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    @Test
    void declaresEveryOptionOnce() {
        List<String> components = Arrays.stream(ChatOptions.class.getRecordComponents())
                .map(component -> component.getName())
                .toList();

        assertThat(AnthropicRequestMapper.OPTIONS)
                .extracting(support -> support.option())
                .containsExactlyElementsOf(components);
    }

    @Test
    void keepsKeysOutOfText() {
        AnthropicOptions options =
                AnthropicOptions.builder().apiKey("sk-ant-secret").build();

        assertThat(options.toString()).doesNotContain("secret");
        assertThat(new LinkedHashMap<>(Map.of("options", options)).toString()).doesNotContain("secret");
    }
}
