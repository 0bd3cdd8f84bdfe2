package dev.aistream.provider.openai;

import dev.aistream.benchmarks.ChatCorpus;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Bytes to events: framing, JSON and all, of one kind of chunk. Scores are chunks a second, and {@code megabytes} (10^6
 * bytes) a second; with {@code -prof gc} allocation is per chunk.
 */
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(ChatCorpus.CHUNKS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class OpenAiDecoderBenchmark {

    /** Which chunks. */
    @Param
    public ChatCorpus corpus = ChatCorpus.ASCII;

    private byte[] body = {};

    @Setup
    public void prepare() {
        body = corpus.body();
    }

    /** As it is. */
    @Benchmark
    public void decode(Volume volume, Blackhole hole) {
        Bodies.decode(body, new RepeatedChunk(), hole);
        volume.megabytes += body.length / 1e6;
    }

    /** Every chunk by the full reader. */
    @Benchmark
    public void readInFull(Volume volume, Blackhole hole) {
        Bodies.decode(body, new NeverRepeated(), hole);
        volume.megabytes += body.length / 1e6;
    }

    /** What went through. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {

        public double megabytes;
    }
}
