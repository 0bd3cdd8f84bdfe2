package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.END;
import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.answer;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the relay's endpoint promises on either stack, seen from a browser's socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RelayEndpointContract {

    private final WebApplicationType stack;
    private RelayServer server;
    private RelayServer impatient;

    RelayEndpointContract(WebApplicationType stack) {
        this.stack = stack;
    }

    @BeforeAll
    void start() {
        server = RelayServer.start(stack, "ai.relay.max-prompt-length=100", "ai.relay.max-request-size=1KB");
        impatient = RelayServer.start(
                stack,
                "ai.relay.path=/ask",
                "ai.relay.heartbeat=50ms",
                "ai.relay.head-wait=50ms",
                "ai.relay.retry=1500ms",
                "ai.relay.allow.system=true",
                "ai.relay.allow.models=small,large",
                "ai.relay.allow.options=temperature,max-tokens");
    }

    @AfterAll
    void stop() {
        server.close();
        impatient.close();
    }

    @Test
    void getStreamsTheAnswerWithItsHeaders() {
        server.model().answers(answer(" Hello"));

        try (Browser browser = server.get("/stream?prompt=Say%20hello")) {
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.header("Content-Type")).startsWith("text/event-stream");
            assertThat(browser.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(browser.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(browser.block()).isEqualTo("id:0\nretry:3000\n\n");
            assertThat(browser.rest())
                    .matches("id:1\nevent:chunk\ndata:\\{\"text\":\" Hello\"}\n\n"
                            + "id:2\nevent:complete\ndata:\\{\"finishReason\":\"stop\",\"usage\":null,"
                            + "\"timings\":\\{\"toFirstTokenMs\":\\d+,\"elapsedMs\":\\d+}}\n\n");
        }
        assertThat(server.model().lastRequest().messages()).containsExactly(Message.user("Say hello"));
    }

    @Test
    void getSendsTheFirstBlockBeforeTheModelAnswers() {
        CompletableFuture<Void> go = new CompletableFuture<>();
        server.model().answers(Mono.fromFuture(go).thenMany(Flux.just(START, text("late"), END)));

        try (Browser browser = server.get("/stream?prompt=hi")) {
            assertThat(browser.block()).isEqualTo("id:0\nretry:3000\n\n");
            awaitCall(server.model());
            go.complete(null);
            assertThat(browser.rest()).contains("late");
        }
    }

    /** The model is asked after the first block: a test that leaves before would be counted in the next one. */
    private static void awaitCall(TestModel model) {
        await().atMost(10, TimeUnit.SECONDS).until(() -> model.calls() > 0);
    }

    @Test
    void postStreamsFragmentByFragment() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        server.model()
                .answers(Flux.concat(
                        Flux.just(START, text("one")),
                        Mono.fromFuture(go).then(Mono.empty()),
                        Flux.just(text("zwei €"), END)));

        try (Browser browser = server.post("{\"prompt\":\"hi\"}")) {
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.block()).isEqualTo("id:1\nevent:chunk\ndata:{\"text\":\"one\"}\n\n");
            go.complete(null);
            assertThat(browser.block()).isEqualTo("id:2\nevent:chunk\ndata:{\"text\":\"zwei €\"}\n\n");
            assertThat(browser.rest()).contains("event:complete");
        }
    }

    @Test
    void postTakesAConversation() {
        server.model().answers(answer("ok"));

        try (Browser browser = server.post("""
                {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},
                 {"role":"user","content":"c"}]}""")) {
            assertThat(browser.rest()).contains("\"ok\"");
        }
        assertThat(server.model().lastRequest().messages())
                .containsExactly(Message.user("a"), Message.assistant("b"), Message.user("c"));
    }

    @Test
    void postTakesModelSystemAndOptionsWhereTheyAreAllowed() {
        impatient.model().answers(answer("ok"));

        try (Browser browser = Browser.open(impatient.port())
                .request(
                        "POST",
                        "/ask",
                        "{\"prompt\":\"hi\",\"model\":\"large\",\"system\":\"be brief\","
                                + "\"options\":{\"temperature\":0.5,\"maxTokens\":9}}",
                        "Content-Type: application/json")) {
            assertThat(browser.rest()).contains("\"ok\"");
        }
        ChatRequest request = impatient.model().lastRequest();
        assertThat(request.model()).isEqualTo("large");
        assertThat(request.system()).isEqualTo("be brief");
        assertThat(request.options().temperature()).isEqualTo(0.5);
        assertThat(request.options().maxTokens()).isEqualTo(9);
    }

    @Test
    void eventSourceThatReconnectsStartsNoSecondGeneration() {
        server.model().answers(answer("again"));

        try (Browser browser = server.get("/stream?prompt=hi", "Last-Event-ID: 4")) {
            assertThat(browser.status()).isEqualTo(204);
            assertThat(browser.rest()).isEmpty();
        }
        assertThat(server.model().calls()).isZero();
    }

    @Test
    void headRequestStartsNoGeneration() {
        server.model().answers(answer("unseen"));

        try (Browser browser =
                Browser.open(server.port()).request("HEAD", "/stream?prompt=hi", "", "Accept: text/event-stream")) {
            assertThat(browser.status()).isEqualTo(405);
        }
        assertThat(server.model().calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Accept: */*                 |                            | 406 | Accept: text/event-stream
                    Accept: image/*             |                            | 406 | Accept: text/event-stream
                    Accept: text/event-stream   | Sec-Fetch-Site: cross-site | 403 | other sites
                    Accept: text/event-stream   | Origin: http://a.example   | 403 | other sites
                    """)
    void getIsForPagesOfThisSite(String accept, String site, int status, String detail) {
        server.model().answers(answer("unseen"));

        try (Browser browser = server.get("/stream?prompt=hi", accept, site == null ? "X-Other: x" : site)) {
            assertProblem(browser, status, detail);
        }
        assertThat(server.model().calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"prompt":"hi"                                       | 400 | not valid JSON
                    ["prompt"]                                           | 400 | JSON object
                    {}                                                   | 400 | prompt or messages
                    {"prompt":"  "}                                      | 400 | prompt is empty
                    {"prompt":7}                                         | 400 | prompt must be text
                    {"prompt":"a","prompt":"b"}                          | 400 | twice
                    {"prompt":"hi","messages":[]}                        | 400 | at least one
                    {"prompt":"a","messages":[{"role":"user","content":"b"}]} | 400 | not both
                    {"messages":[{"role":"system","content":"b"}]}       | 400 | system message
                    {"messages":[{"role":"tool","content":"b"}]}         | 400 | user or assistant
                    {"messages":[{"role":"user","content":""}]}          | 400 | content of a message is empty
                    {"messages":[{"role":"user","content":[]}]}          | 400 | content must be text
                    {"messages":[{"content":"b"}]}                       | 400 | role must be text
                    {"prompt":"hi","model":"large"}                      | 400 | model is not allowed
                    {"prompt":"hi","system":"s"}                         | 400 | system message
                    {"prompt":"hi","options":{"temperature":1}}          | 400 | option \\"temperature\\" is not allowed
                    {"prompt":"hi","nonsense\\r\\n":1}                   | 400 | no field \\"nonsense??\\"
                    """)
    void badQuestionIsRefusedWithItsReason(String body, int status, String detail) {
        server.model().answers(answer("unseen"));

        try (Browser browser = server.post(body)) {
            assertProblem(browser, status, detail);
        }
        assertThat(server.model().calls()).isZero();
    }

    @Test
    void optionOfAnotherTypeIsRefused() {
        try (Browser browser = Browser.open(impatient.port())
                .request(
                        "POST",
                        "/ask",
                        "{\"prompt\":\"hi\",\"options\":{\"maxTokens\":\"9\"}}",
                        "Content-Type: application/json")) {
            assertProblem(browser, 400, "maxTokens must be a whole number");
        }
    }

    @Test
    void getWithoutPromptIsRefused() {
        try (Browser missing = server.get("/stream");
                Browser empty = server.get("/stream?prompt=");
                Browser model = server.get("/stream?prompt=hi&model=large")) {
            assertProblem(missing, 400, "prompt is missing");
            assertProblem(empty, 400, "prompt is empty");
            assertProblem(model, 400, "model is not allowed");
        }
    }

    @Test
    void longPromptIsRefused() {
        try (Browser get = server.get("/stream?prompt=" + "a".repeat(101));
                Browser post = server.post("{\"prompt\":\"" + "a".repeat(101) + "\"}")) {
            assertProblem(get, 413, "longer than 100 characters");
            assertProblem(post, 413, "longer than 100 characters");
        }
    }

    @Test
    void largeBodyIsRefusedWithAndWithoutItsLength() {
        String body = "{\"prompt\":\"" + "a".repeat(1100) + "\"}";
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        try (Browser announced = server.post(body);
                Browser chunked = Browser.open(server.port())
                        .request(
                                "POST",
                                "/stream",
                                "",
                                "Content-Type: application/json",
                                "Transfer-Encoding: chunked",
                                "",
                                chunk.stripTrailing())) {
            assertProblem(announced, 413, "larger than 1024 bytes");
            assertProblem(chunked, 413, "larger than 1024 bytes");
        }
    }

    @Test
    void formIsRefused() {
        try (Browser browser = server.post("{\"prompt\":\"hi\"}", "Content-Type: text/plain")) {
            assertProblem(browser, 415, "application/json");
        }
    }

    @Test
    void earlyFailureIsAProblemWithAStatus() {
        server.model()
                .answers(Flux.error(ChatException.builder(ChatException.Kind.HTTP_STATUS, "key sk-1 at https://inner")
                        .status(429)
                        .code("insufficient_quota")
                        .retryAfter(Duration.ofMillis(6500))
                        .requestId("req_7")
                        .build()));

        try (Browser browser = server.post("{\"prompt\":\"hi\"}")) {
            assertThat(browser.status()).isEqualTo(429);
            assertThat(browser.header("Content-Type")).startsWith("application/problem+json");
            assertThat(browser.header("Retry-After")).isEqualTo("7");
            assertThat(browser.rest())
                    .contains("\"kind\":\"http_status\"", "\"retryable\":false", "\"requestId\":\"req_7\"")
                    .doesNotContain("sk-1", "inner");
        }
    }

    @ParameterizedTest
    @CsvSource({"CONNECTION_REFUSED, 502", "POOL_EXHAUSTED, 503", "TIMEOUT, 504", "CONTENT_FILTERED, 400"})
    void earlyFailureOfEachKindHasItsStatus(ChatException.Kind kind, int status) {
        server.model().answers(Flux.error(ChatException.builder(kind, "x").build()));

        try (Browser browser = server.post("{\"prompt\":\"hi\"}", "Accept: text/event-stream")) {
            assertProblem(browser, status, "");
            assertThat(browser.header("Retry-After")).isEqualTo(status == 503 ? "3" : null);
        }
    }

    @Test
    void failureOfAGetIsAnEvent() {
        server.model()
                .answers(Flux.error(
                        ChatException.builder(ChatException.Kind.TIMEOUT, "x").build()));

        try (Browser browser = server.get("/stream?prompt=hi")) {
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.rest())
                    .startsWith("id:0\nretry:3000\n\nid:1\nevent:failure\ndata:{\"kind\":\"timeout\"");
        }
    }

    @Test
    void lateFailureIsAnEventAfterTheText() {
        server.model()
                .answers(Flux.concat(
                        Flux.just(START, text("so far")),
                        Flux.error(ChatException.builder(ChatException.Kind.INTERRUPTED, "x")
                                .build())));

        try (Browser browser = server.post("{\"prompt\":\"hi\"}")) {
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.rest()).contains("so far", "event:failure\ndata:{\"kind\":\"interrupted\"");
        }
    }

    @Test
    void headWaitEndsWithCommentsAndHeartbeatsFollow() {
        impatient.model().answers(Flux.never());

        try (Browser browser = Browser.open(impatient.port())
                .request("POST", "/ask", "{\"prompt\":\"hi\"}", "Content-Type: application/json")) {
            assertThat(browser.status()).isEqualTo(200);
            assertThat(List.of(browser.block(), browser.block(), browser.block()))
                    .containsOnly(":heartbeat\n\n");
        }
    }

    @Test
    void retryIsConfigurable() {
        impatient.model().answers(answer("ok"));

        try (Browser browser = impatient.get("/ask?prompt=hi")) {
            assertThat(browser.block()).isEqualTo("id:0\nretry:1500\n\n");
            awaitCall(impatient.model());
        }
    }

    private static void assertProblem(Browser browser, int status, String detail) {
        assertThat(browser.status()).isEqualTo(status);
        assertThat(browser.header("Content-Type")).startsWith("application/problem+json");
        assertThat(browser.rest()).contains("\"status\":" + status, detail);
    }
}
