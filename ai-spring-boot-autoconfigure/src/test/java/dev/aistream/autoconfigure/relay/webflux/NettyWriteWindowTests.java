package dev.aistream.autoconfigure.relay.webflux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aistream.chat.ChatEvent;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class NettyWriteWindowTests {

    private static final String BLOCK = "x".repeat(1024);
    private static final int BLOCKS_IN_A_WINDOW = NettyWriteWindow.WINDOW_CHARS / 1024;
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket = new Socket();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void asksForNoMoreThanAWindowUntilTheSocketHasTakenIt() {
        AtomicInteger asked = new AtomicInteger();
        Flux<String> endless = Flux.<String>generate(sink -> {
            asked.incrementAndGet();
            sink.next(BLOCK);
        });

        StepVerifier.create(window(endless, NEVER))
                .expectNextCount(BLOCKS_IN_A_WINDOW)
                .then(this::assertWaitsForTheSocket)
                .then(() -> assertThat(asked).hasValue(BLOCKS_IN_A_WINDOW))
                .then(socket::take)
                .expectNextCount(BLOCKS_IN_A_WINDOW)
                .then(this::assertWaitsForTheSocket)
                .then(() -> assertThat(asked).hasValue(2 * BLOCKS_IN_A_WINDOW))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void emptyBufferIsWrittenOnceForAWindowAndOnceAtTheEnd() {
        socket.takesAll = true;
        List<String> answer = IntStream.range(0, 3 * BLOCKS_IN_A_WINDOW + 1)
                .mapToObj(number -> "%1024d".formatted(number))
                .toList();

        StepVerifier.create(window(Flux.fromIterable(answer), NEVER).collectList())
                .then(channel::runPendingTasks)
                .expectNext(answer)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(socket.writes).isEqualTo(3 + 1);
    }

    @Test
    void everyBlockIsFlushedAtOnce() {
        TestPublisher<String> relay = TestPublisher.create();

        StepVerifier.create(window(relay.flux(), NEVER))
                .then(() -> relay.next("a"))
                .expectNext("a")
                .then(() -> assertThat(socket.flushes).isEqualTo(1))
                .then(() -> relay.next("b"))
                .expectNext("b")
                .then(() -> assertThat(socket.flushes).isEqualTo(2))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void asksForOneBlockAtATimeAndOnlyAsFarAsItIsAsked() {
        socket.takesAll = true;
        List<Long> requests = new ArrayList<>();
        Flux<String> relay = Flux.range(0, 9).map(String::valueOf).doOnRequest(requests::add);

        StepVerifier.create(window(relay, NEVER), 2)
                .expectNext("0", "1")
                .then(() -> assertThat(requests).containsExactly(1L, 1L))
                .thenRequest(3)
                .expectNext("2", "3", "4")
                .then(() -> assertThat(requests).hasSize(5).containsOnly(1L))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void completesOnceTheSocketHasTakenTheEnd() {
        StepVerifier.create(window(Flux.just("a", "b"), NEVER))
                .expectNext("a", "b")
                .then(this::assertWaitsForTheSocket)
                .then(socket::take)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void browserThatDoesNotReadTheEndIsClosed() {
        StepVerifier.withVirtualTime(() -> window(Flux.just("a"), Duration.ofSeconds(30)))
                .expectNext("a")
                .then(this::assertWaitsForTheSocket)
                .thenAwait(Duration.ofSeconds(29))
                .then(() -> assertThat(channel.isOpen()).isTrue())
                .thenAwait(Duration.ofSeconds(1))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void browserThatStallsIsClosedWhileItsWindowIsFull() {
        StreamRelay relay =
                StreamRelay.builder().writeTimeout(Duration.ofMillis(50)).build();
        Flux<ChatEvent> endless = Flux.generate(sink -> sink.next(new ChatEvent.TextDelta("0", BLOCK)));

        window(relay.blocks(endless, RelayHead.AT_ONCE), NEVER).subscribe();

        await().atMost(PATIENCE).until(() -> !channel.isOpen());
        assertThat(relay.openStreams()).isZero();
    }

    @Test
    void anyOtherFailurePassesAndLeavesTheConnection() {
        StepVerifier.create(window(Flux.error(new IllegalStateException("mine")), NEVER))
                .expectErrorMessage("mine")
                .verify(PATIENCE);
        assertThat(channel.isOpen()).isTrue();
        assertThat(socket.writes).isZero();
    }

    @Test
    void cancelWhileTheWindowIsFullReachesTheRelay() {
        TestPublisher<String> relay = TestPublisher.create();

        StepVerifier.create(window(relay.flux(), NEVER))
                .then(() -> relay.next("x".repeat(NettyWriteWindow.WINDOW_CHARS)))
                .expectNextCount(1)
                .then(this::assertWaitsForTheSocket)
                .thenCancel()
                .verify(PATIENCE);
        relay.assertCancelled();
    }

    @Test
    void browserThatStallsKeepsTheBytesOfItsBlocksAndFewPlacesOffTheHeap() {
        List<String> blocks =
                IntStream.range(0, 200).mapToObj("data: %d\n\n"::formatted).toList();
        List<ByteBuf> pending = new ArrayList<>();

        NettyWriteWindow.of(Flux.fromIterable(blocks), channel, NEVER)
                .map(NettyDataBufferFactory::toByteBuf)
                .subscribe(pending::add);

        assertThat(pending).map(buffer -> buffer.toString(UTF_8)).isEqualTo(blocks);
        assertThat(pending).filteredOn(ByteBuf::isDirect).hasSizeBetween(1, 200 / 16);
        pending.forEach(ByteBuf::release);
    }

    /** The blocks, each read and released. */
    private Flux<String> window(Flux<String> relay, Duration writeTimeout) {
        return NettyWriteWindow.of(relay, channel, writeTimeout).map(buffer -> {
            String block = buffer.toString(UTF_8);
            DataBufferUtils.release(buffer);
            return block;
        });
    }

    private void assertWaitsForTheSocket() {
        channel.runPendingTasks();
        assertThat(socket.untaken).hasSize(1);
    }

    /** Stands where Netty's outbound buffer does, and completes writes when told to. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {

        private final Queue<ChannelPromise> untaken = new ArrayDeque<>();
        private boolean takesAll;
        private int writes;
        private int flushes;

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            assertThat(((ByteBuf) message).isReadable()).isFalse();
            writes++;
            if (takesAll) {
                promise.setSuccess();
            } else {
                untaken.add(promise);
            }
        }

        void take() {
            untaken.remove().setSuccess();
        }
    }
}
