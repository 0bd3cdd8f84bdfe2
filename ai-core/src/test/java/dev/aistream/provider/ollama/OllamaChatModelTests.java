package dev.aistream.provider.ollama;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.aistream.AiStreamingTemplate;
import dev.aistream.CallPolicy;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ResponseFormat;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.ToolChoice;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;

@WireMockTest
class OllamaChatModelTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String WHOLE = """
            {"model":"qwen3","message":{"role":"assistant","content":"Hi"},"done":false}
            {"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}
            """;

    private ProviderConnector connector;
    private AiStreamingTemplate ai;

    @BeforeEach
    void start(WireMockRuntimeInfo server) {
        connector = ProviderConnector.builder().build();
        OllamaOptions options = OllamaOptions.builder()
                .baseUrl(URI.create(server.getHttpBaseUrl()))
                .model("qwen3")
                .apiKey("cloud-key")
                .build();
        ai = AiStreamingTemplate.builder()
                .model(
                        new OllamaChatModel(
                                options, ProviderHttpClient.create(WebClient.builder(), connector.connector())),
                        CallPolicy.DEFAULT.withMaxRetries(0))
                .build();
    }

    @AfterEach
    void stop() {
        connector.close();
    }

    private ChatResponse ask(ChatRequest request) {
        stubFor(post("/api/chat")
                .willReturn(aResponse()
                        .withHeader("Content-Type", "application/x-ndjson")
                        .withBody(WHOLE)));
        return ai.generate(request).block(SOON);
    }

    @Test
    void sendsEveryOption() {
        ChatResponse response = ask(ChatRequest.builder()
                .system("Be brief")
                .messages(
                        Message.user(
                                new Content.Text("What is this?"), Content.Image.of(new byte[] {1, 2, 3}, "image/png")),
                        new Message.Assistant(List.of(
                                new Content.Reasoning("Let me look", Map.of()),
                                new Content.ToolUse(new ToolCall("call_0", "look", "{\"near\":true}")))),
                        new Message.ToolResult("call_0", "look", "a cat", false))
                .maxTokens(9)
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .frequencyPenalty(0.1)
                .presencePenalty(0.2)
                .stop("END")
                .seed(7L)
                .responseFormat(ResponseFormat.jsonSchema("cat", Map.of("type", "object")))
                .reasoningEffort("high")
                .toolChoice(ToolChoice.REQUIRED)
                .tools(ToolDefinition.of("look", "Looks", Map.of("type", "object")))
                .additional("keep_alive", "5m")
                .additional("options", Map.of("num_ctx", 8192))
                .build());

        assertThat(response.text()).isEqualTo("Hi");
        assertThat(response.warnings()).singleElement().asString().contains("toolChoice");
        verify(postRequestedFor(urlEqualTo("/api/chat"))
                .withHeader("Authorization", equalTo("Bearer cloud-key"))
                .withHeader("Accept", equalTo("application/x-ndjson"))
                .withHeader("Accept-Encoding", absent())
                .withRequestBody(equalToJson("""
                        {"model":"qwen3","stream":true,"messages":[
                          {"role":"system","content":"Be brief"},
                          {"role":"user","content":"What is this?","images":["AQID"]},
                          {"role":"assistant","content":"","thinking":"Let me look",
                           "tool_calls":[{"function":{"name":"look","arguments":{"near":true}}}]},
                          {"role":"tool","tool_name":"look","content":"a cat"}],
                         "tools":[{"type":"function","function":{"name":"look","description":"Looks",
                           "parameters":{"type":"object"}}}],
                         "format":{"type":"object"},"think":"high","keep_alive":"5m",
                         "options":{"num_predict":9,"temperature":0.5,"top_p":0.9,"top_k":40,"frequency_penalty":0.1,
                           "presence_penalty":0.2,"stop":["END"],"seed":7,"num_ctx":8192}}""")));
    }

    @Test
    void sendsWhatOtherProvidersWroteAsFarAsItCan() {
        ToolCall cut = new ToolCall("1", "look", "{\"ne", false, Map.of());
        ChatResponse response = ask(ChatRequest.builder()
                .messages(
                        Message.user(
                                Content.Image.of(URI.create("data:image/gif;base64,R0lG")),
                                Content.Image.of(URI.create("https://img.example/a.png"))),
                        new Message.Assistant(List.of(
                                new Content.Native("anthropic", Map.of("type", "redacted_thinking")),
                                new Content.ToolUse(cut),
                                new Content.ToolUse(new ToolCall("2", "sql", "SELECT 1")))),
                        Message.toolResult(cut, "nothing"),
                        new Message.ToolResult("2", "sql", "1", false))
                .build());

        assertThat(response.warnings()).hasSize(3);
        verify(postRequestedFor(urlEqualTo("/api/chat")).withRequestBody(equalToJson("""
                {"model":"qwen3","stream":true,"messages":[
                  {"role":"user","content":"","images":["R0lG"]},
                  {"role":"assistant","content":"",
                   "tool_calls":[{"function":{"name":"sql","arguments":{"input":"SELECT 1"}}}]},
                  {"role":"tool","tool_name":"sql","content":"1"}]}""")));
    }

    @Test
    void saysWhyTheServerRefused() {
        stubFor(post("/api/chat").willReturn(jsonResponse("{\"error\":\"model 'qwen3' not found\"}", 404)));

        ChatException failure = catchThrowableOfType(
                ChatException.class, () -> ai.generate("Hello there").block(SOON));

        assertThat(failure.kind()).isEqualTo(ChatException.Kind.HTTP_STATUS);
        assertThat(failure.status()).isEqualTo(404);
        assertThat(failure).hasMessageContaining("model 'qwen3' not found");
        assertThat(failure.retryable()).isFalse();
    }
}
