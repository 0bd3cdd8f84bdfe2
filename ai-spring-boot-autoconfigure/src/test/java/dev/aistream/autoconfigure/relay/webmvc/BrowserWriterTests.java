package dev.aistream.autoconfigure.relay.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.FinishReason;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.test.publisher.TestPublisher;

class BrowserWriterTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ListenerlessResponses listenerless = new ListenerlessResponses();
    private final Scheduler threads = WriterThreads.create();
    private final ScriptedResponse response = new ScriptedResponse();
    private final RecordedEmitter emitter = new RecordedEmitter();
    private final BrowserWriter writer = writer(response, false);
    private final TestPublisher<String> blocks = TestPublisher.create();

    @AfterEach
    void endThreads() {
        threads.dispose();
    }

    @Test
    void blockIsWrittenOnceTheContainerCalls() {
        writer.begin(blocks.flux().startWith("first "));
        assertThat(response.written()).isEmpty();

        response.callListener();

        assertThat(response.written()).isEqualTo("first ");
        assertThat(response.flushes()).isEqualTo(1);
    }

    @Test
    void blocksAreWrittenOnTheThreadThatBringsThem() {
        writer.begin(blocks.flux().startWith("first "));
        response.callListener();

        inAnotherThread("provider", () -> blocks.next("second"));

        assertThat(response.written()).isEqualTo("first second");
        assertThat(response.writer()).isEqualTo("provider");
    }

    @Test
    void nextBlockIsAskedForOnceTheNetworkHasTakenTheLast() {
        writer.begin(blocks.flux().startWith("first "));
        blocks.assertMinRequested(0);
        response.callListener();
        response.isFullAfterNextFlush();
        blocks.next("second ");
        assertThat(response.written()).isEqualTo("first second ");
        blocks.assertMaxRequested(1);

        response.callListener();

        blocks.next("third");
        assertThat(response.written()).isEqualTo("first second third");
    }

    @Test
    void blockThatComesWhileTheContainerIsNotReadyWaitsForIt() {
        writer.begin(blocks.flux().startWith("first "));
        response.callListener();
        response.isFull();
        blocks.next("second");
        assertThat(response.written()).isEqualTo("first ");

        response.callListener();

        assertThat(response.written()).isEqualTo("first second");
    }

    @Test
    void endWaitsUntilTheNetworkHasTakenAll() {
        StreamRelay relay = StreamRelay.builder().build();
        writer.begin(relay.blocks(Flux.<ChatEvent>just(end()), RelayHead.AWAITS_FIRST_EVENT));
        response.isFullAfterNextFlush();
        response.callListener();
        assertThat(response.written()).contains("event:complete");
        assertThat(emitter.completions()).isEmpty();

        response.callListener();

        assertThat(emitter.completions()).containsExactly("complete");
    }

    @Test
    void earlyFailureFindsTheResponseUntouched() {
        ChatException failure =
                ChatException.builder(ChatException.Kind.TIMEOUT, "x").build();

        writer.begin(Flux.error(failure));

        assertThat(emitter.completions()).containsExactly(failure);
        assertThat(response.isTouched()).isFalse();
    }

    @Test
    void responseIsNotOpenedOnTheProvidersThread() {
        writer.begin(blocks.flux());

        inAnotherThread("provider", () -> blocks.next("first"));

        await().atMost(PATIENCE).until(response::hasListener);
        assertThat(response.opener()).startsWith("ai-relay-writer");
        response.callListener();
        await().atMost(PATIENCE).until(() -> response.written().equals("first"));
    }

    @Test
    void browserThatStallsIsCutOffOnAnInterruptedThread() {
        stall(response);

        await().atMost(PATIENCE).until(() -> response.interruptedFlushes() == 1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(emitter.completions())
                        .singleElement()
                        .isInstanceOf(AsyncRequestNotUsableException.class));
    }

    @Test
    void containerThatNoticesTheCutEndsTheResponseByItself() {
        response.failsOnInterruptedThreads();
        StreamRelay relay = stall(response);

        await().atMost(PATIENCE).until(() -> response.interruptedFlushes() == 1 && relay.openStreams() == 0);
        assertThat(emitter.completions()).isEmpty();
    }

    private StreamRelay stall(ScriptedResponse response) {
        StreamRelay relay =
                StreamRelay.builder().writeTimeout(Duration.ofMillis(50)).build();
        writer.begin(relay.blocks(Flux.<ChatEvent>never(), RelayHead.AT_ONCE));
        response.isFullAfterNextFlush();
        response.callListener();
        return relay;
    }

    @Test
    void responseThatIsOverIsNotCutOff() throws IOException {
        BrowserStream stream = new BrowserStream(response.forSpring(), listenerless);
        stream.release();

        assertThat(stream.cutOff()).isTrue();
        assertThat(response.interruptedFlushes()).isZero();
    }

    @Test
    void writeThatFailsCancelsTheRelay() {
        writer.begin(blocks.flux().startWith("first "));
        response.callListener();
        response.failsNextWrite();

        blocks.next("second");

        blocks.assertCancelled();
        // The container ends it.
        assertThat(emitter.completions()).isEmpty();
    }

    @Test
    void browserThatLeavesWhileABlockWaitsCancelsTheRelay() {
        writer.begin(blocks.flux().startWith("first "));
        response.callListener();
        response.isFull();
        blocks.next("second");

        response.failListener();
        response.callListener();

        blocks.assertCancelled();
        assertThat(response.written()).isEqualTo("first ");
        assertThat(emitter.completions()).isEmpty();
    }

    @Test
    void browserThatLeftBeforeTheModelIsAskedIsNotAnsweredAtAll() {
        writer.browserHasLeft();

        writer.begin(blocks.flux());

        blocks.assertCancelled();
    }

    @Test
    void listenerThatIsForgottenIsMissedAndNotTriedAgain() {
        response.forgetsListener();
        writer.begin(blocks.flux().startWith("first "));
        await().atMost(PATIENCE).until(() -> response.written().equals("first "));
        assertThat(response.writer()).startsWith("ai-relay-writer");
        blocks.next("second");
        await().atMost(PATIENCE).until(() -> response.written().equals("first second"));
        blocks.complete();
        await().atMost(PATIENCE).until(() -> emitter.completions().size() == 1);

        ScriptedResponse alike = new ScriptedResponse();
        alike.forgetsListener();
        writer(alike, false).begin(Flux.just("next answer"));

        await().atMost(PATIENCE).until(() -> alike.written().equals("next answer"));
        assertThat(alike.hasListener()).isFalse();
    }

    @Test
    void listenerThatIsRefusedIsDoneWithout() {
        response.refusesListener();

        writer.begin(Flux.just("first ", "second"));

        await().atMost(PATIENCE).until(() -> response.written().equals("first second"));
        await().atMost(PATIENCE).until(() -> emitter.completions().contains("complete"));
        assertThat(response.writer()).startsWith("ai-relay-writer");
    }

    @Test
    void containerThatIsBusyIsWaitedFor() {
        CountDownLatch refused = new CountDownLatch(1);
        response.refusesWritesUntilItCalls(refused);
        writer.begin(blocks.flux().startWith("first "));
        await().atMost(PATIENCE).until(() -> refused.getCount() == 0);

        response.callListener();

        await().atMost(PATIENCE).until(() -> response.written().equals("first "));
        inAnotherThread("provider", () -> blocks.next("second"));
        await().atMost(PATIENCE).until(() -> response.written().equals("first second"));
        assertThat(listenerless.contains(response.forSpring().getServletResponse()))
                .isFalse();
    }

    @Test
    void writesThatMayWaitAreMadeOnThreadsThatMay() {
        writer(response, true).begin(Flux.just("first ", "second"));
        await().atMost(PATIENCE).until(response::hasListener);

        response.callListener();

        await().atMost(PATIENCE).until(() -> emitter.completions().contains("complete"));
        assertThat(response.written()).isEqualTo("first second");
        assertThat(response.writer()).startsWith("ai-relay-writer");
    }

    /** The provider's thread brings blocks while the container's calls, again and again. */
    @RepeatedTest(20)
    void nothingIsLostNorCompletedTwiceWhereThreadsMeet() {
        int count = 2000;
        Sinks.Many<String> provider = Sinks.many().unicast().onBackpressureBuffer();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < count; i++) {
            expected.append(i).append(' ');
        }
        response.isFullAfterEachFlush();
        writer.begin(provider.asFlux());

        CompletableFuture<Void> bringing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                provider.tryEmitNext(i + " ").orThrow();
            }
            provider.tryEmitComplete().orThrow();
        });
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (emitter.completions().isEmpty() && System.nanoTime() < end) {
            response.callListenerIfItWaits();
        }

        bringing.orTimeout(10, TimeUnit.SECONDS).join();
        // Thousands of numbers would not be read in a report.
        assertThat(response.written().equals(expected.toString())).isTrue();
        assertThat(emitter.completions()).containsExactly("complete");
    }

    private BrowserWriter writer(ScriptedResponse to, boolean writesMayWait) {
        return new BrowserWriter(emitter, new BrowserStream(to.forSpring(), listenerless), threads, writesMayWait);
    }

    private static ChatEvent end() {
        return new ChatEvent.ResponseEnd(FinishReason.STOP, "stop", null, Map.of());
    }

    private static void inAnotherThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.start();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
