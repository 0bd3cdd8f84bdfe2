package dev.aistream.provider.responses;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.FinishReason;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.WireText;
import dev.aistream.provider.responses.OpenAiResponsesOptions.Authentication;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.test.StepVerifier;

@WireMockTest
class OpenAiResponsesChatModelTests {

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

    private static void answer(String resource) {
        stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream; charset=utf-8")
                        .withHeader("x-request-id", "req_1")
                        .withBody(WireText.bytes("responses/" + resource))));
    }

    private OpenAiResponsesOptions.Builder options() {
        return OpenAiResponsesOptions.builder().baseUrl(baseUrl).apiKey("sk-1");
    }

    private static OpenAiResponsesChatModel model(OpenAiResponsesOptions.Builder options) {
        return new OpenAiResponsesChatModel(options.build(), HTTP);
    }

    private static void read(OpenAiResponsesOptions.Builder options, ChatRequest request) {
        StepVerifier.create(model(options).stream(request))
                .thenConsumeWhile(event -> true)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void sendsWhatTheProviderExpects() {
        answer("text.sse");

        read(options().organization("org-1").project("proj-1"), ChatRequest.of("Hi"));

        verify(
                1,
                postRequestedFor(urlEqualTo("/v1/responses"))
                        .withHeader("Accept", equalTo("text/event-stream"))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withHeader("Authorization", equalTo("Bearer sk-1"))
                        .withHeader("OpenAI-Organization", equalTo("org-1"))
                        .withHeader("OpenAI-Project", equalTo("proj-1"))
                        .withRequestBody(equalToJson("""
                                {"model":"gpt-4o-mini","stream":true,
                                 "input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}]}""")));
    }

    @Test
    void sendsWhatAzureExpects() {
        answer("text.sse");

        read(
                options().authentication(Authentication.API_KEY_HEADER).query(Map.of("api-version", "preview")),
                ChatRequest.builder().prompt("Hi").header("x-team", "mine").build());

        verify(postRequestedFor(urlEqualTo("/v1/responses?api-version=preview"))
                .withHeader("api-key", equalTo("sk-1"))
                .withHeader("Authorization", absent())
                .withHeader("x-team", equalTo("mine"))
                .withHeader("OpenAI-Project", absent()));
    }

    @Test
    void streamsAnAnswer() {
        answer("text.sse");

        StepVerifier.create(model(options()).stream(
                        ChatRequest.builder().prompt("Hi").topK(4).build()))
                .expectNextMatches(event -> event instanceof ResponseStart start
                        && start.provider().equals("openai")
                        && start.id().equals("resp_1")
                        && start.head().requestId().equals("req_1")
                        && start.warnings().equals(List.of("topK is not sent: the Responses API does not take it")))
                .expectNextCount(5)
                .expectNextMatches(event -> event instanceof ResponseEnd end && end.finishReason() == FinishReason.STOP)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void failsOnceForTwoErrors() {
        answer("quota-error.sse");

        StepVerifier.create(model(options()).stream(ChatRequest.of("Hi")))
                .expectErrorSatisfies(failure -> {
                    ChatException exception = (ChatException) failure;
                    assertThat(exception.kind()).isEqualTo(Kind.PROVIDER_ERROR);
                    assertThat(exception.code()).isEqualTo("insufficient_quota");
                    assertThat(exception.retryable()).isFalse();
                })
                .verify(LIMIT);
    }

    @Test
    void showsNeitherKeyNorHeaders() {
        ProviderHttpOptions http = ProviderHttpOptions.of(baseUrl).withHeaders(Map.of("x-secret", "hidden"));

        assertThat(model(options().http(http)).toString())
                .doesNotContain("sk-1")
                .doesNotContain("hidden");
    }
}
