package dev.aistream.autoconfigure.relay.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockMemoryTests {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final EventLoop loop = new DefaultEventLoop();
    private final BlockMemory memory = new BlockMemory(allocator, loop);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void blocksThatAreNotWrittenYetKeepTheirBytes() throws Exception {
        List<String> blocks = IntStream.range(0, 200)
                .mapToObj("id: %d\ndata: {\"text\":\"größer\"}\n\n"::formatted)
                .toList();

        List<ByteBuf> pending = onLoop(() -> blocks.stream().map(memory::write).toList());

        assertThat(pending).map(BlockMemoryTests::text).isEqualTo(blocks);
        pending.forEach(ByteBuf::release);
        assertThat(onLoop(() -> text(memory.write("after")))).isEqualTo("after");
    }

    @Test
    void blockThatIsWrittenLeavesItsPlaceToTheNext() throws Exception {
        onLoop(() -> memory.write("first").release());
        long place = allocator.metric().usedDirectMemory();
        for (int block = 0; block < 1000; block++) {
            onLoop(() -> memory.write("data: {\"text\":\"word\"}\n\n").release());
        }

        assertThat(place).isPositive();
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(place);
    }

    @Test
    void largeBlockHasAllItsBytes() throws Exception {
        String large = "x".repeat(100_000);

        assertThat(onLoop(() -> text(memory.write(large)))).isEqualTo(large);
    }

    @Test
    void blockOfAnotherThreadLeavesTheLoopsPlaceAlone() throws Exception {
        ByteBuf ofLoop = onLoop(() -> memory.write("loop"));

        ByteBuf ofThisThread = memory.write("other");

        assertThat(text(ofLoop)).isEqualTo("loop");
        assertThat(text(ofThisThread)).isEqualTo("other");
        assertThat(ofThisThread.isDirect()).isFalse();
    }

    @Test
    void isFreeOnceItIsReleasedAndTheLastBlockIsWritten() throws Exception {
        ByteBuf pending = onLoop(() -> memory.write("pending"));

        memory.release();
        onLoop(() -> null);
        assertThat(text(pending)).isEqualTo("pending");
        pending.release();

        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void blockAfterTheReleaseHoldsNoMemory() throws Exception {
        onLoop(() -> memory.write("before").release());

        String late = onLoop(() -> {
            memory.release();
            memory.release();
            return text(memory.write("late"));
        });

        assertThat(late).isEqualTo("late");
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void isFreeWhereTheLoopHasEnded() throws Exception {
        onLoop(() -> memory.write("written").release());
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);

        memory.release();

        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        return loop.submit(work).get(10, TimeUnit.SECONDS);
    }

    private static String text(ByteBuf buffer) {
        return buffer.toString(StandardCharsets.UTF_8);
    }
}
