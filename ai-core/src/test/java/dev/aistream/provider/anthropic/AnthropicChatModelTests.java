package dev.aistream.provider.anthropic;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
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
import dev.aistream.provider.anthropic.AnthropicOptions.Authentication;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@WireMockTest
class AnthropicChatModelTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ProviderConnector CONNECTOR = ProviderConnector.create();
    private static final ProviderHttpClient HTTP =
            ProviderHttpClient.create(WebClient.builder(), CONNECTOR.connector());

    private URI baseUrl = URI.create("http://localhost/");

    @BeforeEach
    void answer(WireMockRuntimeInfo server) {
        baseUrl = URI.create(server.getHttpBaseUrl());
        stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream; charset=utf-8")
                        .withHeader("request-id", "req_1")
                        .withBody(WireText.bytes("anthropic/text.sse"))));
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    private AnthropicOptions.Builder options() {
        return AnthropicOptions.builder().baseUrl(baseUrl).apiKey("sk-ant-1").model("claude-sonnet-4-5");
    }

    private static AnthropicChatModel model(AnthropicOptions.Builder options) {
        return new AnthropicChatModel(options.build(), HTTP);
    }

    private static void read(AnthropicOptions.Builder options, ChatRequest request) {
        StepVerifier.create(model(options).stream(request))
                .thenConsumeWhile(event -> true)
                .expectComplete()
                .verify(LIMIT);
    }

    private static void fails(AnthropicOptions.Builder options, ChatRequest request, Consumer<ChatException> how) {
        StepVerifier.create(model(options).stream(request))
                .thenConsumeWhile(event -> true)
                .expectErrorSatisfies(failure -> how.accept((ChatException) failure))
                .verify(LIMIT);
    }

    @Test
    void sendsWhatTheProviderExpects() {
        read(options().beta(List.of("context-1m-2025-08-07", "files-api-2025-04-14")), ChatRequest.of("Hi"));

        verify(
                1,
                postRequestedFor(urlEqualTo("/v1/messages"))
                        .withHeader("Accept", equalTo("text/event-stream"))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withHeader("x-api-key", equalTo("sk-ant-1"))
                        .withHeader("Authorization", absent())
                        .withHeader("anthropic-version", equalTo("2023-06-01"))
                        .withHeader("anthropic-beta", equalTo("context-1m-2025-08-07,files-api-2025-04-14"))
                        .withRequestBody(equalToJson("""
                                {"model":"claude-sonnet-4-5","max_tokens":4096,"stream":true,
                                 "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""")));
    }

    @Test
    void streamsAnAnswer() {
        StepVerifier.create(model(options()).stream(
                        ChatRequest.builder().prompt("Hi").seed(1L).build()))
                .expectNextMatches(event -> event instanceof ResponseStart start
                        && start.provider().equals("anthropic")
                        && start.head().requestId().equals("req_1")
                        && start.warnings().equals(List.of("seed is not sent: the provider has no seed")))
                .expectNextCount(5)
                .expectNextMatches(event -> event instanceof ResponseEnd end && end.finishReason() == FinishReason.STOP)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void sendsATokenWhereAsked() {
        read(options().authentication(Authentication.BEARER), ChatRequest.of("Hi"));

        verify(postRequestedFor(anyUrl())
                .withHeader("Authorization", equalTo("Bearer sk-ant-1"))
                .withHeader("x-api-key", absent())
                .withHeader("anthropic-beta", absent()));
    }

    @Test
    void headersOfTheRequestWinOverTheConfiguredOnes() {
        ProviderHttpOptions http = ProviderHttpOptions.of(baseUrl)
                .withHeaders(Map.of("anthropic-version", "2024-01-01", "x-team", "configured", "x-other", "kept"));

        read(
                options().http(http),
                ChatRequest.builder().prompt("Hi").header("X-Team", "mine").build());

        verify(postRequestedFor(anyUrl())
                .withHeader("anthropic-version", equalTo("2024-01-01"))
                .withHeader("x-team", equalTo("mine"))
                .withHeader("x-other", equalTo("kept")));
    }

    @Test
    void asksForTheKeyOfEachAttempt() {
        AtomicInteger asked = new AtomicInteger();
        AnthropicOptions.Builder options =
                options().apiKey(provider -> Mono.fromSupplier(() -> provider + "-" + asked.incrementAndGet()));
        AnthropicChatModel model = model(options);

        StepVerifier.create(model.stream(ChatRequest.of("Hi")).repeat(1))
                .thenConsumeWhile(event -> true)
                .expectComplete()
                .verify(LIMIT);

        verify(1, postRequestedFor(anyUrl()).withHeader("x-api-key", equalTo("anthropic-1")));
        verify(1, postRequestedFor(anyUrl()).withHeader("x-api-key", equalTo("anthropic-2")));
    }

    @Test
    void tellsOfAnOverloadAsTheStatusDoes() {
        stubFor(post(anyUrl())
                .willReturn(jsonResponse(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},"
                                + "\"request_id\":\"req_2\"}",
                        529)));

        fails(options(), ChatRequest.of("Hi"), failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
            assertThat(failure.status()).isEqualTo(529);
            assertThat(failure.type()).isEqualTo("overloaded_error");
            assertThat(failure.requestId()).isEqualTo("req_2");
            assertThat(failure.retryable()).isTrue();
        });
    }

    @Test
    void holdsToTheLineLimitOfTheRequest() {
        fails(
                options(),
                ChatRequest.builder().prompt("Hi").maxLineLength(64).build(),
                failure -> assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG));
    }

    @Test
    void sendsNothingOfARequestThatCannotBeMapped() {
        fails(
                AnthropicOptions.builder().baseUrl(baseUrl),
                ChatRequest.of("Hi"),
                failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID_REQUEST));

        verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void showsNeitherKeyNorHeaders() {
        ProviderHttpOptions http = ProviderHttpOptions.of(baseUrl).withHeaders(Map.of("x-secret", "hidden"));

        assertThat(model(options().http(http)).toString())
                .doesNotContain("sk-ant-1")
                .doesNotContain("hidden");
    }
}
