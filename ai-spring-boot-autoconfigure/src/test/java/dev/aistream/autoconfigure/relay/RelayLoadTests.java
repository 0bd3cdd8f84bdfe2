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
import java.lang.management.ManagementFactory;
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
 */
class RelayLoadTests {

    private static final boolean FULL = "full".equals(System.getProperty("relay.load"));
    private static final int RELAYS = Integer.getInteger("relay.load.relays", FULL ? 1000 : 100);
    private static final int TOKENS = Integer.getInteger("relay.load.tokens", FULL ? 80 : 20);
    private static final Duration PACE = Duration.ofMillis(Integer.getInteger("relay.load.pace", FULL ? 250 : 100));
    private static final int ONE_IN_STALLS = 20;
    private static final String FAT = "x".repeat(64 * 1024);

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void stalledBrowsersDelayNoOther(WebApplicationType stack) throws Exception {
        try (RelayServer server = RelayServer.start(stack, "ai.relay.write-timeout=3s");
                Crowd crowd = new Crowd()) {
            server.model().answers(RelayLoadTests::answer);
            warmUp(server);
            int threadsBefore = threads();
            ManagementFactory.getThreadMXBean().resetPeakThreadCount();
            for (int i = 0; i < RELAYS; i++) {
                if (i % ONE_IN_STALLS == 0) {
                    crowd.joinStalled(server.port(), "fat");
                } else {
                    crowd.join(server.port(), "thin");
                }
            }

            crowd.read(PACE.multipliedBy(TOKENS).plusSeconds(60));

            int readers = RELAYS - RELAYS / ONE_IN_STALLS;
            report(stack, crowd, threadsBefore);
            assertThat(crowd.complete()).isEqualTo(readers);
            assertThat(crowd.tokens()).isEqualTo(readers * TOKENS);
            assertThat(crowd.delay(0.99)).isLessThan(Duration.ofSeconds(5));
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> server.bean(StreamRelay.class).openStreams() == 0);
        }
    }

    private static Flux<ChatEvent> answer(ChatRequest request) {
        boolean fat = request.messages().get(0).equals(Message.user("fat"));
        return Flux.concat(
                Flux.just(START),
                Flux.range(0, TOKENS)
                        .delayElements(PACE)
                        .map(number -> text(fat ? FAT : number + ":" + System.nanoTime() + " ")),
                Flux.just(END));
    }

    private static void warmUp(RelayServer server) throws Exception {
        try (Crowd crowd = new Crowd()) {
            crowd.join(server.port(), "thin");
            crowd.read(Duration.ofSeconds(60));
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long writerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ai-relay-writer-"))
                .count();
    }

    private static void report(WebApplicationType stack, Crowd crowd, int threadsBefore) {
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.printf(
                "%s on JDK %d: %d relays, 1 in %d stalled, %d tokens each %d ms: %d complete, delay p50 %.1f ms,"
                        + " p99 %.1f ms, max %.1f ms; threads %d before, %d at most, %d of them ours; heap in use %d MB%n",
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
                threadsBefore,
                ManagementFactory.getThreadMXBean().getPeakThreadCount(),
                writerThreads(),
                heap >> 20);
    }
}
