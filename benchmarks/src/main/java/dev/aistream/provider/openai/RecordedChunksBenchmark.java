package dev.aistream.provider.openai;

import dev.aistream.chat.ChatException;
import dev.aistream.test.Recording;
import dev.aistream.test.Recordings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The recorded answers of servers that speak Chat Completions, one after the other. {@code megabytes}, {@code hits} and
 * {@code misses} are a second; the hit rate is hits / (hits + misses). Needs {@code -Drecordings=FOLDER}, or the folder
 * where {@link Recordings} looks for it.
 */
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class RecordedChunksBenchmark {

    /** Whose. */
    @Param({"all", "openai-chat", "deepseek", "alibaba-qwen", "gpustack-llamacpp", "openrouter", "mistral"})
    public String provider = "all";

    private final List<byte[]> bodies = new ArrayList<>();

    @Setup
    public void prepare() {
        Recordings recordings = Recordings.find().orElseThrow(() -> new IllegalStateException("No recordings"));
        for (Recording recording : recordings.all()) {
            boolean asked = provider.equals("all") || provider.equals(recording.provider());
            if (asked
                    && "chat".equals(recording.api())
                    && recording.contentType().equals("text/event-stream")) {
                bodies.add(recording.body());
            }
        }
    }

    @Benchmark
    public void decode(Volume volume, Blackhole hole) {
        for (byte[] body : bodies) {
            RepeatedChunk repeated = new RepeatedChunk();
            try {
                Bodies.decode(body, repeated, hole);
            } catch (ChatException recorded) {
                hole.consume(recorded);
            }
            volume.megabytes += body.length / 1e6;
            volume.hits += repeated.hits();
            volume.misses += repeated.misses();
        }
    }

    /** What went through. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {

        public double megabytes;
        public long hits;
        public long misses;
    }
}
