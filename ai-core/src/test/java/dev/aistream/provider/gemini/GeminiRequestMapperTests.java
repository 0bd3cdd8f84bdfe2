package dev.aistream.provider.gemini;

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
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.Json;
import dev.aistream.provider.OptionSupport;
import dev.aistream.provider.Recordings;
import dev.aistream.provider.WireText;
import dev.aistream.provider.gemini.GeminiRequestMapper.Mapped;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GeminiRequestMapperTests {

    private static final ToolDefinition WEATHER = ToolDefinition.of(
            "weather", "Weather of a city", Map.of("type", "object", "properties", Map.of("city", Map.of())));

    private final GeminiRequestMapper mapper = new GeminiRequestMapper(
            GeminiOptions.builder().model("gemini-3-flash-preview").build());

    private static ChatRequest.Builder ask() {
        return ChatRequest.builder().prompt("Hi");
    }

    private JsonNode body(ChatRequest.Builder request) {
        return Json.of(mapper.map(request.build()).body());
    }

    private JsonNode contents(Message... messages) {
        return body(ChatRequest.builder().messages(messages)).get("contents");
    }

    @Test
    void sendsLittleWhereLittleIsAsked() {
        assertThat((Object) body(ask())).isEqualTo(Json.of("""
                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"""));
    }

    @Test
    void mapsEveryOptionThatTheProviderTakes() {
        JsonNode body = body(ask().system("Be brief.")
                .maxTokens(100)
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .frequencyPenalty(0.1)
                .presencePenalty(0.2)
                .stop("END")
                .seed(7L)
                .reasoningEffort("low")
                .tools(WEATHER)
                .toolChoice(ToolChoice.REQUIRED)
                .responseFormat(new ResponseFormat.JsonSchema("city", null, Map.of("type", "object"), null)));

        assertThat((Object) body).isEqualTo(Json.of("""
                {"systemInstruction":{"parts":[{"text":"Be brief."}]},
                 "contents":[{"role":"user","parts":[{"text":"Hi"}]}],
                 "tools":[{"functionDeclarations":[{"name":"weather","description":"Weather of a city",
                   "parametersJsonSchema":{"type":"object","properties":{"city":{}}}}]}],
                 "toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
                 "generationConfig":{"temperature":0.5,"topP":0.9,"topK":40,"maxOutputTokens":100,
                   "stopSequences":["END"],"presencePenalty":0.2,"frequencyPenalty":0.1,"seed":7,
                   "responseMimeType":"application/json","responseJsonSchema":{"type":"object"},
                   "thinkingConfig":{"thinkingLevel":"LOW"}}}"""));
    }

    @Test
    void mergesAdditionalFields() {
        JsonNode body = body(ask().tools(WEATHER)
                .temperature(0.5)
                .reasoningEffort("high")
                .additional("safetySettings", List.of(Map.of("category", "C", "threshold", "BLOCK_NONE")))
                .additional("tools", List.of(Map.of("googleSearch", Map.of())))
                .additional("toolConfig", Map.of("includeServerSideToolInvocations", true))
                .additional(
                        "generationConfig", Map.of("temperature", 1, "thinkingConfig", Map.of("includeThoughts", true)))
                .toolChoice(ToolChoice.AUTO));

        assertThat((Object) body.get("generationConfig")).isEqualTo(Json.of("""
                {"temperature":1,"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"HIGH"}}"""));
        assertThat((Object) body.get("toolConfig")).isEqualTo(Json.of("""
                {"functionCallingConfig":{"mode":"AUTO"},"includeServerSideToolInvocations":true}"""));
        assertThat((Object) body.at("/tools/1")).isEqualTo(Json.of("{\"googleSearch\":{}}"));
        assertThat(body.has("safetySettings")).isTrue();
    }

    @Test
    void noEffortTurnsThinkingOff() {
        assertThat((Object) body(ask().reasoningEffort("none")).at("/generationConfig/thinkingConfig"))
                .isEqualTo(Json.of("{\"thinkingBudget\":0}"));
    }

    @Test
    void namedToolIsTheOnlyOneAllowed() {
        assertThat((Object) body(ask().tools(WEATHER).toolChoice(new ToolChoice.Named("weather")))
                        .get("toolConfig"))
                .isEqualTo(Json.of("""
                        {"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["weather"]}}"""));
    }

    @Test
    void warnsAboutWhatIsNotSent() {
        Mapped mapped = mapper.map(ask().parallelToolCalls(true)
                .toolChoice(ToolChoice.REQUIRED)
                .additional("contents", List.of())
                .build());

        assertThat(mapped.warnings())
                .anyMatch(warning -> warning.startsWith("parallelToolCalls is not sent"))
                .anyMatch(warning -> warning.startsWith("toolChoice is not sent"))
                .anyMatch(warning -> warning.startsWith("contents is not sent"));
        assertThat((Object) Json.of(mapped.body())).isEqualTo(body(ask()));
    }

    @Test
    void refusesSeveralAnswers() {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> body(ask().additional("generationConfig", Map.of("candidateCount", 2))))
                .matches(failure -> failure.kind() == ChatException.Kind.INVALID_REQUEST);
    }

    @Test
    void imagesGoByValueOrAddress() {
        assertThat((Object) contents(Message.user(
                        Content.Image.of(new byte[] {1, 2, 3}, "image/png"),
                        Content.Image.of(URI.create("data:image/gif;base64,R0lG")),
                        new Content.Image(URI.create("gs://bucket/cat.jpg"), null, "image/jpeg"))))
                .isEqualTo(Json.of("""
                        [{"role":"user","parts":[
                          {"inlineData":{"mimeType":"image/png","data":"AQID"}},
                          {"inlineData":{"mimeType":"image/gif","data":"R0lG"}},
                          {"fileData":{"mimeType":"image/jpeg","fileUri":"gs://bucket/cat.jpg"}}]}]"""));
    }

    @Test
    void resultsOfOneTurnGoTogetherAsObjects() {
        assertThat((Object) contents(
                        new Message.ToolResult("1", "a", "{\"x\":1}", false),
                        new Message.ToolResult("2", "b", "plain", false),
                        new Message.ToolResult("3", "c", "[1]", false),
                        new Message.ToolResult("4", "d", "{\"why\":1}", true),
                        Message.user("And?")))
                .isEqualTo(Json.of("""
                        [{"role":"user","parts":[
                          {"functionResponse":{"name":"a","response":{"x":1}}},
                          {"functionResponse":{"name":"b","response":{"output":"plain"}}},
                          {"functionResponse":{"name":"c","response":{"output":[1]}}},
                          {"functionResponse":{"name":"d","response":{"error":"{\\"why\\":1}"}}}]},
                         {"role":"user","parts":[{"text":"And?"}]}]"""));
    }

    @Test
    void whatAnotherProviderWroteIsLeftOut() {
        List<Message> conversation = List.of(
                Message.user("Hi"),
                new Message.Assistant(List.of(
                        new Content.Reasoning("hm", Map.of("signature", "c2ln")),
                        new Content.Native("anthropic", Map.of("type", "redacted_thinking")),
                        new Content.ToolUse(new ToolCall("call_1", "f", "{\"a\":", false, Map.of())),
                        new Content.ToolUse(new ToolCall("call_2", "g", "", true, Map.of("id", "fc_2"))))),
                new Message.ToolResult("call_1", "f", "x", false),
                new Message.ToolResult("call_2", "g", "y", false));

        Mapped mapped = mapper.map(ChatRequest.builder().messages(conversation).build());

        assertThat(mapped.warnings()).hasSize(3);
        assertThat((Object) Json.of(mapped.body()).get("contents")).isEqualTo(Json.of("""
                [{"role":"user","parts":[{"text":"Hi"}]},
                 {"role":"model","parts":[{"functionCall":{"name":"g","args":{}}}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"g","response":{"output":"y"}}}]}]"""));
    }

    @Test
    void sendsThoughtsAndSignaturesBackOnTheirParts() {
        assertThat((Object) roundTrip("thoughts").at("/contents/1")).isEqualTo(Json.of("""
                {"role":"model","parts":[
                  {"text":"Let me see. Yes.","thought":true},
                  {"text":"4"},{"text":"2","thoughtSignature":"c2ln"},{"text":"!"},
                  {"text":"","thoughtSignature":"ZmluYWw="}]}"""));
    }

    @Test
    void sendsCallsAndResultsBackWithTheProvidersIdsOnly() {
        JsonNode contents = roundTrip("calls").get("contents");

        assertThat((Object) contents.get(1)).isEqualTo(Json.of("""
                {"role":"model","parts":[{"text":"Both."},
                  {"functionCall":{"id":"fc_1","name":"weather","args":{"city":"Rome","days":2}},"thoughtSignature":"c2ln"},
                  {"functionCall":{"name":"today","args":{}}},
                  {"functionCall":{"name":"time","args":{"zone":"CET"}}}]}"""));
        assertThat((Object) contents.get(2)).isEqualTo(Json.of("""
                {"role":"user","parts":[
                  {"functionResponse":{"id":"fc_1","name":"weather","response":{"output":"of weather"}}},
                  {"functionResponse":{"name":"today","response":{"output":"of today"}}},
                  {"functionResponse":{"name":"time","response":{"output":"of time"}}}]}"""));
    }

    @Test
    void sendsNativePartsBackAsTheyCame() {
        assertThat((Object) roundTrip("native").at("/contents/1/parts")).isEqualTo(Json.of("""
                [{"executableCode":{"language":"PYTHON","code":"print(6*7)"},"thoughtSignature":"c2ln"},
                 {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"42\\n"}},
                 {"text":"It is 42:"},
                 {"inlineData":{"mimeType":"image/png","data":"iVBORw0="}}]"""));
    }

    private JsonNode roundTrip(String stream) {
        DecodedAnswer answer =
                DecodedAnswer.of(GeminiStreamDecoderTests.decoder(), WireText.bytes("gemini/" + stream + ".sse"));
        List<Message> conversation = new ArrayList<>(List.of(Message.user("Hi"), answer.message()));
        for (ToolCall call : answer.toolCalls()) {
            conversation.add(Message.toolResult(call, "of " + call.name()));
        }
        return body(ChatRequest.builder().messages(conversation));
    }

    /** No recorded conversation has a second turn; what came in must go out part by part. */
    @ParameterizedTest
    @CsvSource({
        "gemini/prism__gemini__stream-with-tools-thought-1.sse, 2",
        "gemini/pydantic-ai__test_native_output_with_builtin_tools_stream__i0.sse, 4",
        "gemini/req_llm_sgs__gemini_2_5_pro_preview_05_06__object_streaming.sse, 6",
        "gemini-vertex/fantasy__TestGoogleCommon__vertex-gemini-2-5-pro__multi_tool_streaming__i0.sse, 2"
    })
    @EnabledIf("dev.aistream.provider.Recordings#exist")
    void sendsRecordedSignaturesBackOnTheirParts(String file, int parts) {
        byte[] body = Recordings.named(file).body();
        List<String> received = new ArrayList<>();
        for (String line : new String(body, StandardCharsets.UTF_8).split("\r?\n")) {
            if (line.startsWith("data: ")) {
                Json.of(line.substring(6)).at("/candidates/0/content/parts").forEach(part -> {
                    if (part.has("thoughtSignature")) {
                        received.add(signed(part));
                    }
                });
            }
        }
        DecodedAnswer answer = DecodedAnswer.of(GeminiStreamDecoderTests.decoder(), body);

        JsonNode sent = contents(Message.user("Hi"), answer.message()).at("/1/parts");

        List<String> signedParts = new ArrayList<>();
        sent.forEach(part -> {
            if (part.has("thoughtSignature")) {
                signedParts.add(signed(part));
            }
        });
        assertThat(signedParts).isEqualTo(received);
        assertThat(sent.size()).isEqualTo(parts);
    }

    private static String signed(JsonNode part) {
        List<String> members = new ArrayList<>();
        part.propertyStream().forEach(entry -> members.add(entry.getKey() + "=" + entry.getValue()));
        return members.stream().sorted().toList().toString();
    }

    @Test
    void tellsWhatHappensToEveryOption() {
        assertThat(GeminiRequestMapper.OPTIONS)
                .extracting(OptionSupport::option)
                .containsExactlyElementsOf(Arrays.stream(ChatOptions.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }
}
