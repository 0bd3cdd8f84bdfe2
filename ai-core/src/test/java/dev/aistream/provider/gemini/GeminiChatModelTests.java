package dev.aistream.provider.gemini;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatRequest;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.WireText;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.test.StepVerifier;

@WireMockTest
class GeminiChatModelTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String KEY = "AIza-test-0123456789abcdef";
    private static final ProviderConnector CONNECTOR = ProviderConnector.create();
    private static final ProviderHttpClient HTTP =
            ProviderHttpClient.create(WebClient.builder(), CONNECTOR.connector());

    private URI baseUrl = URI.create("http://localhost/");

    @BeforeEach
    void rememberAddress(WireMockRuntimeInfo server) {
        baseUrl = URI.create(server.getHttpBaseUrl());
    }

    @AfterAll
    static void close() {
        CONNECTOR.close();
    }

    private GeminiOptions.Builder options() {
        return GeminiOptions.builder().baseUrl(baseUrl).apiKey(KEY).model("gemini-3-flash-preview");
    }

    private static void answer(String resource, String contentType) {
        stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", contentType)
                        .withBody(WireText.bytes("gemini/" + resource))));
    }

    private static String text(GeminiOptions.Builder options, ChatRequest request) {
        List<ChatEvent> events = new GeminiChatModel(options.build(), HTTP)
                .stream(request).collectList().block(LIMIT);
        return events.stream()
                .filter(TextDelta.class::isInstance)
                .map(event -> ((TextDelta) event).text())
                .collect(Collectors.joining());
    }

    @Test
    void sendsWhatTheProviderExpects() {
        answer("text.sse", "text/event-stream");

        assertThat(text(options(), ChatRequest.of("Hi"))).isEqualTo("Grüße, 👩‍💻 \"q\"\n");

        verify(
                1,
                postRequestedFor(urlEqualTo("/v1beta/models/gemini-3-flash-preview:streamGenerateContent?alt=sse"))
                        .withHeader("Accept", equalTo("text/event-stream"))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withHeader("x-goog-api-key", equalTo(KEY))
                        .withHeader("Authorization", absent())
                        .withRequestBody(equalToJson("""
                                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""")));
    }

    @Test
    void readsTheArrayOfAGatewayThatDropsTheParameter() {
        answer("text.json-array.json", "application/json; charset=UTF-8");

        assertThat(text(options(), ChatRequest.of("Hi"))).isEqualTo("Grüße, 👩‍💻 \"q\"\n");
    }

    @Test
    void anImageOfSeveralMegabytesPassesTheDefaultLimit() {
        byte[] image = new byte[5 * 1024 * 1024];
        stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream")
                        .withBody("""
                        data: {"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"%s"}}]},\
                        "finishReason":"STOP"}]}

                        """.formatted(Base64.getEncoder().encodeToString(image)))));

        List<ChatEvent> events = new GeminiChatModel(options().build(), HTTP)
                .stream(ChatRequest.of("Draw")).collectList().block(LIMIT);

        assertThat(events).hasAtLeastOneElementOfType(ChatEvent.NativeContent.class);
    }

    @Test
    void vertexGetsItsOwnAddressAndAToken() {
        answer("text.sse", "text/event-stream");
        String models = "/v1/projects/p/locations/l/publishers/google/models/";

        text(
                options()
                        .path(models + "{model}:streamGenerateContent")
                        .authentication(GeminiOptions.Authentication.BEARER),
                ChatRequest.of("Hi"));

        verify(postRequestedFor(urlEqualTo(models + "gemini-3-flash-preview:streamGenerateContent?alt=sse"))
                .withHeader("Authorization", equalTo("Bearer " + KEY))
                .withHeader("x-goog-api-key", absent()));
    }

    @Test
    void modelMayBeGivenAsAResourceName() {
        GeminiOptions options = options().build();

        assertThat(options.endpoint("models/gemini-2.0-flash").getPath())
                .isEqualTo("/v1beta/models/gemini-2.0-flash:streamGenerateContent");
        assertThat(options.endpoint("tunedModels/mine").getPath())
                .isEqualTo("/v1beta/tunedModels/mine:streamGenerateContent");
    }

    @Test
    void refusalTellsTheProvidersWordsAndWait() {
        stubFor(any(anyUrl()).willReturn(jsonResponse("""
                [{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED","details":[
                  {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}]""", 429)));

        StepVerifier.create(new GeminiChatModel(options().build(), HTTP).stream(ChatRequest.of("Hi")))
                .expectErrorSatisfies(error -> {
                    ChatException failure = (ChatException) error;
                    assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
                    assertThat(failure.code()).isEqualTo("RESOURCE_EXHAUSTED");
                    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(34));
                    assertThat(failure.retryable()).isTrue();
                })
                .verify(LIMIT);
    }

    @Test
    void neitherOptionsNorModelShowTheKey() {
        assertThat(new GeminiChatModel(options().build(), HTTP).toString())
                .contains("provider=gemini")
                .doesNotContain(KEY);
    }
}
