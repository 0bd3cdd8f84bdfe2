package dev.aistream.autoconfigure.relay.webflux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockMemoryTests {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final BlockMemory memory = new BlockMemory(allocator);

    @Test
    void blocksThatAreNotWrittenYetKeepTheirBytes() {
        List<String> blocks = IntStream.range(0, 200)
                .mapToObj("id: %d\ndata: {\"text\":\"größer\"}\n\n"::formatted)
                .toList();

        List<ByteBuf> pending = blocks.stream()
                .map(block -> memory.write(block.getBytes(UTF_8)))
                .toList();

        assertThat(memory.isFree()).isFalse();
        assertThat(pending).map(buffer -> buffer.toString(UTF_8)).isEqualTo(blocks);
        pending.forEach(ByteBuf::release);
        assertThat(memory.isFree()).isTrue();
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(BlockMemory.BYTES);
    }

    @Test
    void blockThatIsWrittenLeavesItsPlaceToTheNext() {
        for (int block = 0; block < 1000; block++) {
            memory.write("data: {\"text\":\"word\"}\n\n".getBytes(UTF_8)).release();

            assertThat(allocator.metric().usedDirectMemory()).isEqualTo(BlockMemory.BYTES);
        }
    }

    @Test
    void largeBlockHasAllItsBytesAndTakesNoPlace() {
        String large = "x".repeat(BlockMemory.BYTES + 1);

        assertThat(memory.write(large.getBytes(UTF_8)).toString(UTF_8)).isEqualTo(large);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void isGivenBackOnceTheLastBlockIsWritten() {
        ByteBuf pending = memory.write("pending".getBytes(UTF_8));

        memory.release();
        assertThat(pending.toString(UTF_8)).isEqualTo("pending");
        pending.release();

        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
