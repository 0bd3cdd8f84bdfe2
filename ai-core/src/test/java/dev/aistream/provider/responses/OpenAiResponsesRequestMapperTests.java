package dev.aistream.provider.responses;

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
import dev.aistream.provider.responses.OpenAiResponsesRequestMapper.Mapped;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiResponsesRequestMapperTests {

    private static final ToolDefinition WEATHER =
            new ToolDefinition("weather", "Weather of a city", Map.of("type", "object"), true);

    private final OpenAiResponsesRequestMapper mapper =
            new OpenAiResponsesRequestMapper(OpenAiResponsesOptions.builder().build());
    private final OpenAiResponsesRequestMapper unstored = new OpenAiResponsesRequestMapper(
            OpenAiResponsesOptions.builder().store(false).build());

    private static ChatRequest.Builder ask() {
        return ChatRequest.builder().prompt("Hi");
    }

    private JsonNode body(ChatRequest.Builder request) {
        return Json.of(mapper.map(request.build()).body());
    }

    private static JsonNode input(OpenAiResponsesRequestMapper mapper, Message... messages) {
        return Json.of(mapper.map(ChatRequest.builder().messages(messages).build())
                        .body())
                .get("input");
    }

    @Test
    void sendsLittleWhereLittleIsAsked() {
        assertThat((Object) body(ask())).isEqualTo(Json.of("""
                {"model":"gpt-4o-mini","stream":true,
                 "input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}]}"""));
    }

    @Test
    void mapsEveryOptionThatTheProviderTakes() {
        JsonNode body = body(ask().model("gpt-5")
                .system("Be brief.")
                .maxTokens(100)
                .temperature(0.5)
                .topP(0.9)
                .reasoningEffort("high")
                .responseFormat(new ResponseFormat.JsonSchema("person", "Somebody", Map.of("type", "object"), true))
                .tools(WEATHER)
                .toolChoice(ToolChoice.tool("weather"))
                .parallelToolCalls(false)
                .additional("reasoning", Map.of("summary", "auto"))
                .additional("text", Map.of("verbosity", "low"))
                .additional("tools", List.of(Map.of("type", "web_search")))
                .additional("prompt_cache_key", "k"));

        assertThat((Object) body).isEqualTo(Json.of("""
                {"model":"gpt-5","stream":true,"instructions":"Be brief.",
                 "input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}],
                 "max_output_tokens":100,"temperature":0.5,"top_p":0.9,
                 "tools":[{"type":"function","name":"weather","description":"Weather of a city",
                           "parameters":{"type":"object"},"strict":true},{"type":"web_search"}],
                 "tool_choice":{"type":"function","name":"weather"},"parallel_tool_calls":false,
                 "reasoning":{"effort":"high","summary":"auto"},
                 "text":{"format":{"type":"json_schema","name":"person","description":"Somebody",
                                   "schema":{"type":"object"},"strict":true},"verbosity":"low"},
                 "prompt_cache_key":"k"}"""));
    }

    @Test
    void warnsAboutWhatTheProviderDoesNotTake() {
        Mapped mapped = mapper.map(ask().topK(4)
                .frequencyPenalty(0.1)
                .presencePenalty(0.1)
                .stop("END")
                .seed(7L)
                .toolChoice(ToolChoice.REQUIRED)
                .build());

        assertThat(mapped.warnings())
                .hasSize(6)
                .allMatch(warning -> warning.contains("not sent"))
                .anyMatch(warning -> warning.startsWith("topK is not sent"))
                .anyMatch(warning -> warning.startsWith("stop is not sent"));
        assertThat(Json.of(mapped.body()).propertyNames()).containsExactlyInAnyOrder("model", "stream", "input");
    }

    @Test
    void asksForSealedReasoningWhereNothingIsStored() {
        JsonNode body =
                Json.of(unstored.map(ask().reasoningEffort("low").build()).body());

        assertThat(body.get("store").asBoolean()).isFalse();
        assertThat((Object) body.get("include")).isEqualTo(Json.of("[\"reasoning.encrypted_content\"]"));
    }

    @Test
    void asksForBackgroundByOptionOrByField() {
        OpenAiResponsesRequestMapper background = new OpenAiResponsesRequestMapper(
                OpenAiResponsesOptions.builder().background(true).build());

        assertThat(background.map(ask().build()).background()).isTrue();
        assertThat(Json.of(background.map(ask().build()).body())
                        .get("background")
                        .asBoolean())
                .isTrue();
        assertThat(mapper.map(ask().additional("background", true).build()).background())
                .isTrue();
        assertThat(background.map(ask().additional("background", false).build()).background())
                .isFalse();
        assertThat(mapper.map(ask().build()).background()).isFalse();
    }

    @Test
    void sendsImagesAndPartsOfItsOwn() {
        assertThat((Object) input(
                        mapper,
                        Message.user(
                                new Content.Text("What?"),
                                Content.Image.of(URI.create("https://img.example/a.png")),
                                Content.Image.of(new byte[] {1, 2, 3}, "image/png"),
                                new Content.Native("openai", Map.of("type", "input_file", "file_id", "f1")),
                                new Content.Native(
                                        "openai", Map.of("type", "apply_patch_call_output", "call_id", "c")))))
                .isEqualTo(Json.of("""
                [{"role":"user","content":[
                   {"type":"input_text","text":"What?"},
                   {"type":"input_image","image_url":"https://img.example/a.png"},
                   {"type":"input_image","image_url":"data:image/png;base64,AQID"},
                   {"type":"input_file","file_id":"f1"}]},
                 {"type":"apply_patch_call_output","call_id":"c"}]"""));
    }

    @Test
    void leavesOutIdsThatTheProviderDidNotKeep() {
        Message.Assistant answer = new Message.Assistant(List.of(
                new Content.Reasoning("Hm.", Map.of("id", "rs_1", "type", "summary_text", "encrypted_content", "x")),
                new Content.Reasoning("", Map.of("id", "rs_2")),
                new Content.Text("Yes", Map.of("id", "msg_1")),
                new Content.ToolUse(new ToolCall("call_1", "f", "{}", true, Map.of("id", "fc_1")))));

        assertThat((Object)
                        input(unstored, Message.user("Hi"), answer, new Message.ToolResult("call_1", "f", "1", false)))
                .isEqualTo(Json.of("""
                [{"role":"user","content":[{"type":"input_text","text":"Hi"}]},
                 {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"x"},
                 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Yes","annotations":[]}]},
                 {"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"},
                 {"type":"function_call_output","call_id":"call_1","output":"1"}]"""));
    }

    @Test
    void leavesOutWhatOtherProvidersWrote() {
        ToolCall cut = new ToolCall("call_1", "f", "{\"a", false, Map.of());
        Mapped mapped = mapper.map(ChatRequest.builder()
                .messages(
                        Message.system("Be kind."),
                        Message.user("Hi"),
                        new Message.Assistant(List.of(
                                new Content.Reasoning("Hm.", Map.of("signature", "s")),
                                new Content.Native("anthropic", Map.of("type", "server_tool_use")),
                                new Content.Text("One."),
                                new Content.Text("Two."),
                                new Content.ToolUse(cut))),
                        Message.toolResult(cut, "1"))
                .build());

        assertThat((Object) Json.of(mapped.body()).get("input")).isEqualTo(Json.of("""
                [{"role":"system","content":"Be kind."},
                 {"role":"user","content":[{"type":"input_text","text":"Hi"}]},
                 {"type":"message","role":"assistant","content":[
                   {"type":"output_text","text":"One.","annotations":[]},
                   {"type":"output_text","text":"Two.","annotations":[]}]}]"""));
        assertThat(mapped.warnings()).hasSize(3);
    }

    @Test
    void refusesARequestWithoutModel() {
        OpenAiResponsesRequestMapper modelless = new OpenAiResponsesRequestMapper(
                OpenAiResponsesOptions.builder().provider("lm-studio").build());

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> modelless.map(ask().build()))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(ChatException.Kind.INVALID_REQUEST));
    }

    @Test
    void declaresEveryOptionOnce() {
        List<String> components = Arrays.stream(ChatOptions.class.getRecordComponents())
                .map(component -> component.getName())
                .toList();

        assertThat(OpenAiResponsesRequestMapper.OPTIONS)
                .extracting(support -> support.option())
                .containsExactlyElementsOf(components);
    }

    @Test
    void keepsKeysOutOfText() {
        assertThat(OpenAiResponsesOptions.builder().apiKey("sk-secret").build().toString())
                .doesNotContain("secret");
    }

    @Test
    void addressesTheRestOfABackgroundResponse() {
        OpenAiResponsesOptions azure = OpenAiResponsesOptions.builder()
                .baseUrl(URI.create("https://x.openai.azure.com/openai/v1/"))
                .query(Map.of("api-version", "preview"))
                .build();

        assertThat(azure.endpoint())
                .isEqualTo(URI.create("https://x.openai.azure.com/openai/v1/responses?api-version=preview"));
        assertThat(azure.rest("resp_1", 7))
                .isEqualTo(
                        URI.create(
                                "https://x.openai.azure.com/openai/v1/responses/resp_1?api-version=preview&stream=true&starting_after=7"));
        assertThat(azure.cancellation("resp_1"))
                .isEqualTo(
                        URI.create("https://x.openai.azure.com/openai/v1/responses/resp_1/cancel?api-version=preview"));
    }
}
