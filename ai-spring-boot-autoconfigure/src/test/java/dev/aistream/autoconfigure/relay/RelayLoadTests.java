package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.END;
import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Message;
import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import reactor.core.publisher.Flux;

/**
 * Many relays at once, some of them to browsers that stop reading for good. Small by default; the full load of 1,000
 * relays and a token each 250 ms with
 * {@code mvn -pl ai-spring-boot-autoconfigure -am test -Dtest=RelayLoadTests -Drelay.load=full}.
 *
 * <p>Browsers, servers and model share one JVM, so that its figures are more than the relay's own.
 */
class RelayLoadTests {

    private static final boolean FULL = "full".equals(System.getProperty("relay.load"));
    private static final int RELAYS = Integer.getInteger("relay.load.relays", FULL ? 1000 : 100);
    private static final int TOKENS = Integer.getInteger("relay.load.tokens", FULL ? 80 : 20);
    private static final Duration PACE = Duration.ofMillis(Integer.getInteger("relay.load.pace", FULL ? 250 : 100));
    private static final int ONE_IN_STALLS = 20;
    private static final int STALLED = RELAYS / ONE_IN_STALLS;
    private static final int READERS = RELAYS - STALLED;
    private static final Duration WHOLE_ANSWER = PACE.multipliedBy(TOKENS);

    /** Past the middle of the answers, where we measure: the stalled are still there, and leave among the others. */
    private static final Duration WRITE_TIMEOUT =
            WHOLE_ANSWER.multipliedBy(3).dividedBy(4).plusSeconds(2);

    private static final Duration PATIENCE = WHOLE_ANSWER.plusSeconds(60);
    private static final Duration BETWEEN_ARRIVALS = PACE.multipliedBy(8).dividedBy(RELAYS);
    private static final int WARM_UP_TOKENS = 5;
    private static final String LINE_OF_16_KB = "x".repeat(16 * 1024);

    private static final int MOST_NEW_THREADS = 8;
    /** For each relay; about 100 KB of it are Tomcat's buffers for a connection. */
    private static final long MOST_MEMORY_BYTES = 256 * 1024;

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void stalledBrowsersDelayNoOther(WebApplicationType stack) throws Exception {
        try (RelayServer server = RelayServer.start(
                        stack,
                        "ai.relay.write-timeout=" + WRITE_TIMEOUT.toMillis() + "ms",
                        // What the call keeps of an answer is no business of the relay.
                        "ai.max-kept-text=16KB",
                        "server.tomcat.accept-count=1024");
                Crowd crowd = new Crowd()) {
            server.model().answers(RelayLoadTests::answer);
            warmUp(server);
            Footprint before = Footprint.now();
            for (int i = 0; i < RELAYS; i++) {
                if (i % ONE_IN_STALLS == 0) {
                    crowd.joinStalled(server.port(), "endless");
                } else {
                    crowd.join(server.port(), "paced");
                }
                crowd.readTokens(Integer.MAX_VALUE, BETWEEN_ARRIVALS);
            }

            crowd.readTokens(READERS * TOKENS / 2, PATIENCE);
            int open = server.bean(StreamRelay.class).openStreams();
            Footprint during = Footprint.now();
            crowd.read(PATIENCE);

            report(stack, crowd, open, before, during);
            assertThat(crowd.complete()).isEqualTo(READERS);
            assertThat(crowd.tokens()).isEqualTo(READERS * TOKENS);
            // Far less than a wait for one that stalls would be.
            assertThat(crowd.delay(0.99)).isLessThan(WRITE_TIMEOUT.dividedBy(2));
            assertThat(open).isGreaterThan(RELAYS / 2);
            assertThat(during.otherThreads()).isLessThanOrEqualTo(before.otherThreads() + MOST_NEW_THREADS);
            assertThat(during.containerThreads()).isLessThanOrEqualTo(before.containerThreads() + MOST_NEW_THREADS);
            assertThat(during.memoryBytes() - before.memoryBytes()).isLessThan(RELAYS * MOST_MEMORY_BYTES);
            assertStalledAreCutOff(server, crowd);
        }
    }

    private static void assertStalledAreCutOff(RelayServer server, Crowd crowd) throws Exception {
        for (int i = 0; i < STALLED; i++) {
            assertThat(server.model().wasCancelledWithin(PATIENCE.toSeconds())).isTrue();
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> crowd.stalledClosedByServer() == STALLED);
        assertThat(server.bean(StreamRelay.class).openStreams()).isZero();
    }

    private static Flux<ChatEvent> answer(ChatRequest request) {
        Message question = request.messages().get(0);
        if (question.equals(Message.user("endless"))) {
            return Flux.concat(Flux.just(START), Flux.generate(sink -> sink.next(text(LINE_OF_16_KB))));
        }
        return Flux.concat(
                Flux.just(START),
                Flux.range(0, question.equals(Message.user("paced")) ? TOKENS : WARM_UP_TOKENS)
                        .delayElements(PACE)
                        .map(number -> text(number + ":" + System.nanoTime() + " ")),
                Flux.just(END));
    }

    /** All at once, so that the container has as many threads as it may. */
    private static void warmUp(RelayServer server) throws Exception {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < RELAYS; i++) {
                crowd.join(server.port(), "short");
            }
            crowd.read(PATIENCE);
            assertThat(crowd.complete()).isEqualTo(RELAYS);
        }
    }

    private static void report(WebApplicationType stack, Crowd crowd, int open, Footprint before, Footprint during) {
        System.out.printf(
                "%s on JDK %d: %d relays, 1 in %d stalled, %d tokens each %d ms: %d complete, delay p50 %.1f ms,"
                        + " p99 %.1f ms, max %.1f ms%n  before %s%n  with %d open %s%n",
                stack,
                Runtime.version().feature(),
                RELAYS,
                ONE_IN_STALLS,
                TOKENS,
                PACE.toMillis(),
                crowd.complete(),
                crowd.delay(0.5).toNanos() / 1e6,
                crowd.delay(0.99).toNanos() / 1e6,
                crowd.delay(1).toNanos() / 1e6,
                before,
                open,
                during);
    }
}
