package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatRequest;
import dev.aistream.test.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What fails, and how it reads. */
class FailureTests extends ProviderTestKit {

    private ChatException failure() {
        Outcome outcome = read(stream());
        assertThat(outcome.failure()).isNotNull();
        assertThat(outcome.failure().toString()).doesNotContain("sk-test-1234567890");
        return outcome.failure();
    }

    private ChatException failureOf(URI uri) {
        Outcome outcome = read(client.stream(ProviderCall.post(uri, new byte[] {'{', '}'})
                .decoder(TextDecoder::new)
                .build()));
        assertThat(outcome.failure().phase()).isEqualTo(Phase.BEFORE_FIRST_TOKEN);
        return outcome.failure();
    }

    @Test
    void unknownHost() {
        ChatException failure = failureOf(URI.create("http://no-such-host.invalid/v1"));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_HOST);
        assertThat(failure).hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void refusedConnection() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        ChatException failure = failureOf(URI.create("http://127.0.0.1:" + port));

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_REFUSED);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void plainServerBehindHttps() {
        server.enqueue(Script.empty().write("HTTP/1.1 400 Bad Request\r\n\r\n").close());

        ChatException failure = failureOf(URI.create("https://127.0.0.1:" + server.port()));

        assertThat(failure.kind()).isIn(Kind.TLS, Kind.CONNECTION_FAILED);
    }

    @Test
    void connectionClosedWithoutAHead() {
        server.enqueue(Script.empty().close());

        ChatException failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_FAILED);
        assertThat(failure.retryable()).isTrue();
        assertThat(server.requestCount()).as("no hidden second request").isEqualTo(1);
    }

    @Test
    void connectionResetWithoutAHead() {
        server.enqueue(Script.empty().reset());

        assertThat(failure().kind()).isEqualTo(Kind.CONNECTION_FAILED);
        assertThat(server.requestCount()).as("no hidden second request").isEqualTo(1);
    }

    @Test
    void headThatIsNoHttp() {
        server.enqueue(Script.empty().write("SSH-2.0-OpenSSH_9.2\r\n\r\n").close());

        assertThat(failure().kind()).isEqualTo(Kind.CONNECTION_FAILED);
    }

    @Test
    void refusalCarriesEverythingTheProviderSays() {
        server.enqueue(Script.json(
                429,
                "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"tokens\",\"param\":null,"
                        + "\"code\":\"rate_limit_exceeded\"}}",
                "x-request-id: req_1",
                "retry-after-ms: 1500",
                "x-ratelimit-remaining-requests: 0"));

        ChatException failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
        assertThat(failure).hasMessage("Rate limit reached");
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.type()).isEqualTo("tokens");
        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure.param()).isNull();
        assertThat(failure.requestId()).isEqualTo("req_1");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(1500));
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.head().rateLimits()).containsEntry("x-ratelimit-remaining-requests", "0");
    }

    @Test
    void htmlOfAProxyIsRead() {
        server.enqueue(Script.response(
                502, "text/html", "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"));

        ChatException failure = failure();

        assertThat(failure).hasMessage("The provider answered with HTTP 502: 502 Bad Gateway");
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void refusalIsReadUpToABound() {
        server.enqueue(Script.head(500, "Transfer-Encoding: chunked").endlessChunks(i -> "x".repeat(1000)));

        ChatException failure = failure();

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.getMessage()).hasSizeLessThan(600);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void refusalWhoseBodyBreaksIsStillARefusal() {
        server.enqueue(
                Script.head(503, "Content-Length: 1000").write("overloaded").close());

        ChatException failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
        assertThat(failure).hasMessage("The provider answered with HTTP 503: overloaded");
    }

    @Test
    void okWithJsonErrorIsTheProvidersError() {
        server.enqueue(Script.json(200, "{\"error\":{\"message\":\"no credits\",\"code\":402}}"));

        ChatException failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessage("no credits");
        assertThat(failure.status()).isEqualTo(402);
    }

    @Test
    void okWithJsonOrHtmlIsNoEventStream() {
        server.enqueue(
                Script.json(200, "{\"object\":\"chat.completion\",\"choices\":[]}"),
                Script.response(200, "text/html", "<html><body>Sign in</body></html>"));

        assertThat(failure().kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
        ChatException html = failure();
        assertThat(html.kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
        assertThat(html).hasMessageContaining("text/html");
    }

    @Test
    void endlessHtmlIsNoEventStream() {
        server.enqueue(Script.chunked("text/html").endlessChunks(i -> "<p>" + "x".repeat(1000) + "</p>\n"));

        assertThat(failure().kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void okWithoutBodyIsNoEventStream() {
        server.enqueue(
                Script.response(200, "text/event-stream", ""),
                Script.eventStream().end(),
                Script.head(204));

        for (int i = 0; i < 3; i++) {
            ChatException failure = failure();
            assertThat(failure.kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
            assertThat(failure).hasMessageContaining("no body");
        }
    }

    @Test
    void errorLineAndBareJsonBetweenEventsAreTheProvidersError() {
        server.enqueue(
                Script.eventStream().event("hello").chunk("error: {\"code\":500,\"message\":\"out of memory\"}\n\n"),
                Script.eventStream()
                        .event("hello")
                        .chunk("{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"out of memory\",\n")
                        .chunk("    \"status\": \"UNAVAILABLE\"\n  }\n}\n"));

        for (int i = 0; i < 2; i++) {
            Outcome outcome = read(stream());
            assertThat(outcome.text()).isEqualTo("hello");
            assertThat(outcome.failure().kind()).isEqualTo(Kind.PROVIDER_ERROR);
            assertThat(outcome.failure()).hasMessage("out of memory");
            assertThat(outcome.failure().phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
            assertThat(outcome.failure().retryable()).isTrue();
            server.takeExchange(SOON).awaitClientClosed(SOON);
        }
    }

    @Test
    void malformedEventEndsTheStreamAfterWhatCameBefore() {
        server.enqueue(Script.eventStream()
                .chunk("data: hello\n\ndata: {\"garbled\n\ndata: never\n\n")
                .event("never"));

        Outcome outcome = read(stream());

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(outcome.failure().toString()).doesNotContain("garbled");
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void overlongLineNamesLimitAndProperty() {
        server.enqueue(Script.eventStream().event("hello").chunk("data: ").endlessChunks(i -> "x".repeat(1000)));

        Outcome outcome = read(stream());

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.failure().kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(outcome.failure()).hasMessageContaining("16384").hasMessageContaining("max-line-length");
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void whatWasSaidAndKeysStayOutOfFailures() {
        ChatRequest request = ChatRequest.of("my secret\nquestion");
        server.enqueue(Script.json(
                400,
                "{\"error\":{\"message\":\"Key sk-test-1234567890 may not ask 'my secret\\nquestion' with "
                        + "sk-other-abcdefgh\",\"code\":\"my secret\\nquestion\"}}"));

        ProviderCall call = ProviderCall.post(server.uri(), "{}".getBytes(UTF_8))
                .bearer("sk-test-1234567890")
                .request(request)
                .decoder(TextDecoder::new)
                .build();
        ChatException failure = read(client.stream(call)).failure();

        assertThat(failure).hasMessage("Key [removed] may not ask '[removed]' with [removed]");
        assertThat(failure.code()).isEqualTo("[removed]");
    }
}
