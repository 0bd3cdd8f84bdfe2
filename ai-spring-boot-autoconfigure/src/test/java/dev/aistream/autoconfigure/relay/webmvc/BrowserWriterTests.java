package dev.aistream.autoconfigure.relay.webmvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;

class BrowserWriterTests {

    private final StreamRelay relay =
            StreamRelay.builder().writeTimeout(Duration.ofMillis(50)).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void nextWriteAfterOneThatWasStuckIsOnAnInterruptedThread() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        AtomicInteger sends = new AtomicInteger();
        SseEmitter stuckOnce = new SseEmitter() {
            @Override
            public void send(Set<DataWithMediaType> items) throws IOException {
                if (sends.incrementAndGet() == 1) {
                    awaitCutOff();
                } else {
                    interrupted.complete(Thread.currentThread().isInterrupted());
                    throw new IOException("as a container refuses to write on an interrupted thread");
                }
            }
        };
        Flux<ChatEvent> silent = Flux.never();

        relay.blocks(silent, RelayHead.AT_ONCE).subscribe(new BrowserWriter(stuckOnce, threads));

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(sends).hasValue(2);
    }

    /** A write that no interrupt breaks off, and that comes through once the relay has given the browser up. */
    private void awaitCutOff() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (relay.openStreams() != 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
