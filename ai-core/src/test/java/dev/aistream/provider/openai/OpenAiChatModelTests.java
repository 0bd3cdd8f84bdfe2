package dev.aistream.provider.openai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.FinishReason;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.openai.OpenAiOptions.Authentication;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@WireMockTest
class OpenAiChatModelTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ProviderConnector CONNECTOR = ProviderConnector.create();
    private static final ProviderHttpClient HTTP =
            ProviderHttpClient.create(WebClient.builder(), CONNECTOR.connector());

    private URI baseUrl = URI.create("http://localhost/");

    @BeforeEach
    void rememberAddress(WireMockRuntimeInfo server) {
        baseUrl = URI.create(server.getHttpBaseUrl() + "/v1");
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    @Test
    void streamsAnAnswer() {
        answer("text.sse");

        List<ChatEvent> events = events(model(options()), ChatRequest.of("Hi"));

        ResponseStart start = (ResponseStart) events.get(0);
        assertThat(start.provider()).isEqualTo("openai");
        assertThat(start.head().requestId()).isEqualTo("req-1");
        assertThat(text(events)).isEqualTo("Hello  wörld\n\n👩‍💻 ok \"q\" \\ é");
        assertThat(((ResponseEnd) events.get(events.size() - 1)).finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void sendsWhatOpenAiExpects() {
        answer("no-done.sse");

        events(model(options().organization("org-1").project("proj-1")), ChatRequest.of("Hi"));

        verify(
                1,
                postRequestedFor(urlEqualTo("/v1/chat/completions"))
                        .withHeader("Accept", equalTo("text/event-stream"))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withHeader("Authorization", equalTo("Bearer sk-test-0123456789abcdef"))
                        .withHeader("OpenAI-Organization", equalTo("org-1"))
                        .withHeader("OpenAI-Project", equalTo("proj-1"))
                        .withRequestBody(equalToJson("""
                                        {"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],
                                         "stream":true,"stream_options":{"include_usage":true}}
                                        """)));
    }

    @Test
    void ownHeadersAreAddedAndThoseOfTheRequestWin() {
        answer("no-done.sse");
        OpenAiOptions.Builder options = options()
                .http(ProviderHttpOptions.of(baseUrl)
                        .withHeaders(Map.of("x-team", "options", "x-only", "options", "Authorization", "Basic o")));

        events(
                model(options),
                ChatRequest.builder().prompt("Hi").header("X-Team", "request").build());

        verify(postRequestedFor(urlPathEqualTo("/v1/chat/completions"))
                .withHeader("x-team", equalTo("request"))
                .withHeader("x-only", equalTo("options"))
                .withHeader("Authorization", equalTo("Basic o"))
                .withHeader("OpenAI-Organization", absent()));
    }

    @Test
    void azureGetsItsOwnHeaderAndAddress() {
        answer("azure-first-chunk.sse");
        OpenAiOptions.Builder options = options()
                .provider("azure")
                .baseUrl(URI.create(baseUrl.resolve("/") + "openai/deployments/my-gpt"))
                .query(Map.of("api-version", "2024-10-21"))
                .authentication(Authentication.API_KEY_HEADER)
                .model("gpt-4o");

        List<ChatEvent> events = events(model(options), ChatRequest.of("Hi"));

        assertThat(text(events)).isEqualTo("Hi");
        verify(postRequestedFor(urlEqualTo("/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21"))
                .withHeader("api-key", equalTo("sk-test-0123456789abcdef"))
                .withHeader("Authorization", absent()));
    }

    @Test
    void eachSubscriptionAsksForTheKeyAndSendsARequest() {
        answer("no-done.sse");
        AtomicInteger asked = new AtomicInteger();
        ApiKeySupplier rotating = provider -> Mono.fromSupplier(() -> provider + "-" + asked.incrementAndGet());

        Flux<ChatEvent> stream = model(options().apiKey(rotating)).stream(ChatRequest.of("Hi"));
        assertThat(asked).hasValue(0);
        stream.blockLast(LIMIT);
        stream.blockLast(LIMIT);

        verify(postRequestedFor(urlPathEqualTo("/v1/chat/completions"))
                .withHeader("Authorization", equalTo("Bearer openai-1")));
        verify(postRequestedFor(urlPathEqualTo("/v1/chat/completions"))
                .withHeader("Authorization", equalTo("Bearer openai-2")));
    }

    @Test
    void noKeyIsNoHeader() {
        answer("no-done.sse");

        events(model(options().apiKey(ApiKeySupplier.none())), ChatRequest.of("Hi"));

        verify(postRequestedFor(urlPathEqualTo("/v1/chat/completions")).withHeader("Authorization", absent()));
    }

    @Test
    void warningsComeWithTheStart() {
        answer("no-done.sse");

        List<ChatEvent> events = events(
                model(options()), ChatRequest.builder().prompt("Hi").topK(3).build());

        assertThat(((ResponseStart) events.get(0)).warnings())
                .containsExactly("topK is not sent: openai does not take it");
    }

    @Test
    void aRefusedCallSaysWhyAndKeepsTheKey() {
        stubFor(post(urlPathEqualTo("/v1/chat/completions"))
                .willReturn(jsonResponse(
                        "{\"error\":{\"message\":\"Incorrect API key provided: sk-test-0123456789abcdef\","
                                + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}",
                        401)));

        StepVerifier.create(model(options()).stream(ChatRequest.of("Hi")))
                .expectErrorSatisfies(thrown -> {
                    ChatException failure = (ChatException) thrown;
                    assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
                    assertThat(failure.status()).isEqualTo(401);
                    assertThat(failure.code()).isEqualTo("invalid_api_key");
                    assertThat(failure.toString()).doesNotContain("sk-test-0123456789abcdef");
                })
                .verify(LIMIT);
    }

    @Test
    void aCutAnswerIsAnErrorAfterItsText() {
        answer("interrupted.sse");

        StepVerifier.create(model(options()).stream(ChatRequest.of("Hi")))
                .expectNextCount(3)
                .expectErrorSatisfies(thrown -> {
                    ChatException failure = (ChatException) thrown;
                    assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
                    assertThat(failure.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
                })
                .verify(LIMIT);
    }

    @Test
    void thePartialResultHoldsWhatTheProviderSaidBeforeItFailed() {
        answer("error-with-choices.sse");
        AiStreamingTemplate template =
                AiStreamingTemplate.builder().model(model(options())).build();

        StepVerifier.create(template.generate("Hi"))
                .expectErrorSatisfies(thrown -> {
                    ChatResponse partial = ((ChatException) thrown).partial();
                    assertThat(partial.text()).isEqualTo("!");
                    assertThat(partial.reasoning()).isEqualTo("Hm");
                    assertThat(partial.finishReason()).isEqualTo(FinishReason.LENGTH);
                    assertThat(partial.rawFinishReason()).isEqualTo("length");
                    assertThat(partial.usage().totalTokens()).isEqualTo(5L);
                })
                .verify(LIMIT);
    }

    @Test
    void brokenJsonIsMalformed() {
        answer("malformed.sse");

        StepVerifier.create(model(options()).stream(ChatRequest.of("Hi")))
                .expectNextCount(3)
                .expectErrorMatches(
                        thrown -> thrown instanceof ChatException failure && failure.kind() == Kind.MALFORMED)
                .verify(LIMIT);
    }

    @Test
    void theLineLimitOfTheRequestWins() {
        answer("text.sse");
        ChatRequest request =
                ChatRequest.builder().prompt("Hi").maxLineLength(100).build();

        StepVerifier.create(model(options()).stream(request))
                .expectErrorMatches(
                        thrown -> thrown instanceof ChatException failure && failure.kind() == Kind.TOO_LONG)
                .verify(LIMIT);
    }

    @Test
    void aRequestThatCannotBeMappedIsNotSent() {
        OpenAiOptions.Builder options = options().provider("vllm");

        StepVerifier.create(model(options).stream(ChatRequest.of("Hi")))
                .expectErrorMatches(
                        thrown -> thrown instanceof ChatException failure && failure.kind() == Kind.INVALID_REQUEST)
                .verify(LIMIT);
        verify(0, postRequestedFor(WireMock.anyUrl()));
    }

    private OpenAiOptions.Builder options() {
        return OpenAiOptions.builder()
                .baseUrl(baseUrl)
                .apiKey("sk-test-0123456789abcdef")
                .maxTokensField("max_completion_tokens");
    }

    private static OpenAiChatModel model(OpenAiOptions.Builder options) {
        return new OpenAiChatModel(options.build(), HTTP);
    }

    private static void answer(String stream) {
        stubFor(post(WireMock.anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream")
                        .withHeader("x-request-id", "req-1")
                        .withBody(Decoded.resource(stream))));
    }

    private static List<ChatEvent> events(OpenAiChatModel model, ChatRequest request) {
        List<ChatEvent> events = new ArrayList<>();
        StepVerifier.create(model.stream(request).doOnNext(events::add))
                .thenConsumeWhile(event -> true)
                .expectComplete()
                .verify(LIMIT);
        return events;
    }

    private static String text(List<ChatEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event instanceof TextDelta delta ? delta.text() : ""));
        return text.toString();
    }
}
