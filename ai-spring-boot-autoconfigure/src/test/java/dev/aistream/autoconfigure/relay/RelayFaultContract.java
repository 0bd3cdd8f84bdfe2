package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.END;
import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.answer;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aistream.relay.StreamRelay;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the relay's endpoint promises on either stack when browsers leave, stall or come all at once, and when the
 * application stops; down to the provider's socket.
 */
abstract class RelayFaultContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String QUESTION = "{\"prompt\":\"hi\"}";

    private final WebApplicationType stack;
    private final ScriptedServer provider = ScriptedServer.start();
    private final CountDownLatch never = new CountDownLatch(1);

    RelayFaultContract(WebApplicationType stack) {
        this.stack = stack;
    }

    @AfterEach
    void stop() {
        never.countDown();
        provider.close();
    }

    @Test
    void browserThatLeavesClosesTheProvider() {
        provider.enqueue(Script.eventStream().event(chunk("a")).await(never));
        try (RelayServer server = startOverProvider("ai.relay.heartbeat=50ms")) {
            Browser browser = server.get("/stream?prompt=hi");
            assertThat(browser.block() + browser.block()).contains("\"a\"");

            browser.close();

            provider.takeExchange(PATIENCE).awaitClientClosed(PATIENCE);
            awaitNothingOpen(server);
        }
    }

    @Test
    void browserThatResetsIsNoticedWithinTwoHeartbeats() {
        Duration heartbeat = Duration.ofMillis(1500);
        provider.enqueue(Script.eventStream().event(chunk("a")).await(never));
        try (RelayServer server = startOverProvider("ai.relay.heartbeat=" + heartbeat.toMillis() + "ms")) {
            Browser browser = server.get("/stream?prompt=hi");
            assertThat(browser.block() + browser.block()).contains("\"a\"");
            Exchange call = provider.takeExchange(PATIENCE);

            browser.reset();

            call.awaitClientClosed(heartbeat.multipliedBy(2));
            awaitNothingOpen(server);
        }
    }

    @Test
    void browserThatVanishesWhileTheModelWritesIsEndedByTheWriteTimeoutAndDelaysNoOther() {
        String line = chunk("x".repeat(8 * 1024));
        Script endless = Script.eventStream().endlessChunks(number -> "data: " + line + "\n\n");
        Script swift =
                Script.eventStream().event(chunk("swift")).event("[DONE]").end();
        provider.always(call -> call.body().contains("much") ? endless : swift);
        try (RelayServer server = startOverProvider("ai.relay.write-timeout=5s")) {
            List<Browser> stalled = open(
                    5,
                    () -> Browser.open(server.port(), 4096)
                            .request("GET", "/stream?prompt=much", "", "Accept: text/event-stream"));
            List<Exchange> calls = Stream.generate(() -> provider.takeExchange(PATIENCE))
                    .limit(stalled.size())
                    .toList();
            calls.forEach(call -> call.awaitStall(Duration.ofMillis(100), PATIENCE));

            for (int i = 0; i < 10; i++) {
                try (Browser reading = server.get("/stream?prompt=little")) {
                    assertThat(reading.rest()).contains("swift", "complete");
                }
            }
            assertThat(provider.openConnections()).isGreaterThanOrEqualTo(stalled.size());

            calls.forEach(call -> call.awaitClientClosed(PATIENCE));
            awaitNothingOpen(server);
            for (Browser browser : stalled) {
                await().atMost(PATIENCE).until(browser::isClosedByServer);
                browser.close();
            }
        }
    }

    @Test
    void browserThatVanishesWhileTheModelIsSilentIsEndedByMaxDuration() {
        provider.enqueue(Script.eventStream().event(chunk("a")).await(never));
        try (RelayServer server = startOverProvider("ai.relay.max-duration=1s", "ai.relay.write-timeout=1m")) {
            Browser browser = server.get("/stream?prompt=hi");

            provider.takeExchange(PATIENCE).awaitClientClosed(PATIENCE);

            awaitNothingOpen(server);
            assertThat(browser.rest()).contains("\"a\"", "event:failure\ndata:{\"kind\":\"total_timeout\"");
            browser.close();
        }
    }

    @Test
    void burstBeyondTheLimitIsRefusedAndTheOthersAreServedWhole() {
        try (RelayServer server = RelayServer.start(stack, "ai.relay.max-streams=20")) {
            CompletableFuture<Void> go = new CompletableFuture<>();
            server.model()
                    .answers(Flux.concat(
                            Flux.just(START, text("first")),
                            Mono.fromFuture(go, true).then(Mono.empty()),
                            Flux.just(text("last"), END)));

            List<Browser> burst = open(200, () -> server.post(QUESTION));
            List<Browser> served =
                    burst.stream().filter(browser -> browser.status() == 200).toList();
            List<Browser> refused =
                    burst.stream().filter(browser -> browser.status() == 429).toList();
            go.complete(null);

            assertThat(served).hasSize(20);
            assertThat(refused).hasSize(180);
            assertThat(served)
                    .allSatisfy(browser -> assertThat(browser.rest()).contains("first", "last", "event:complete"));
            assertThat(refused).allSatisfy(browser -> {
                assertThat(browser.header("Retry-After")).isEqualTo("3");
                assertThat(browser.rest()).contains("\"status\":429", "Too many answers");
            });
            assertThat(server.model().calls()).isEqualTo(20);
            burst.forEach(Browser::close);
            awaitNothingOpen(server);

            List<Browser> next = open(20, () -> server.post(QUESTION));
            assertThat(next).allSatisfy(browser -> assertThat(browser.rest()).contains("event:complete"));
            next.forEach(Browser::close);
        }
    }

    @Test
    void oneStreamTooManyIsRefusedUntilAnotherEnds() {
        try (RelayServer server = RelayServer.start(stack, "ai.relay.max-streams=3")) {
            server.model().answers(Flux.concat(Flux.just(START, text("a")), Flux.never()));
            List<Browser> open = openReading(server, 3);

            try (Browser refused = server.post(QUESTION)) {
                assertThat(refused.status()).isEqualTo(429);
            }
            server.bean(StreamRelay.class)
                    .shutdown(Duration.ZERO, Duration.ofSeconds(5))
                    .block(PATIENCE);
            assertToldOfShutdown(open);
            server.model().answers(answer("free again"));
            try (Browser browser = server.post(QUESTION)) {
                assertThat(browser.rest()).contains("free again");
            }
        }
    }

    @Test
    void applicationThatStopsTellsEveryBrowser() throws Exception {
        RelayServer stopping = RelayServer.start(stack, "spring.lifecycle.timeout-per-shutdown-phase=2s");
        stopping.model().answers(Flux.concat(Flux.just(START, text("a")), Flux.never()));
        List<Browser> open = openReading(stopping, 3);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);

        assertToldOfShutdown(open);
        stopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private RelayServer startOverProvider(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("ai.provider=openai");
        all.add("ai.openai.api-key=key");
        all.add("ai.openai.base-url=" + provider.uri() + "/v1");
        return RelayServer.start(stack, all.toArray(String[]::new));
    }

    private static String chunk(String text) {
        return "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"}}]}";
    }

    /** Asks at once, and reads nothing. */
    private static List<Browser> open(int count, Supplier<Browser> asking) {
        return Stream.generate(asking).limit(count).toList();
    }

    private static List<Browser> openReading(RelayServer server, int count) {
        List<Browser> open = open(count, () -> server.post(QUESTION));
        open.forEach(browser -> assertThat(browser.block()).contains("\"a\""));
        return open;
    }

    private static void assertToldOfShutdown(List<Browser> open) {
        open.forEach(browser -> {
            assertThat(browser.rest()).contains("event:failure\ndata:{\"kind\":\"shutdown\"");
            browser.close();
        });
    }

    /** Neither a relay nor a place among the limits. */
    private static void awaitNothingOpen(RelayServer server) {
        await().atMost(PATIENCE)
                .until(() -> server.bean(StreamRelay.class).openStreams() == 0
                        && server.bean(RelayGate.class).open() == 0);
    }
}
