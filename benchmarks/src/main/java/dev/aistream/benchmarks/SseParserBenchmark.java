package dev.aistream.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.aistream.sse.SseHandler;
import dev.aistream.sse.SseParser;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
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

/**
 * The SSE parser beside the floors that its promises are relative to. Scores are MB (10^6 bytes) a second; run with
 * {@code -prof gc} for allocation, which is per MB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(SseParserBenchmark.MEGABYTES)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SseParserBenchmark {

    static final int MEGABYTES = 64;

    private static final int READ = 8192;

    /** Which text. */
    @Param({"ASCII", "CJK"})
    public SseCorpus corpus = SseCorpus.ASCII;

    private byte[] body = {};
    private ByteBuffer direct = ByteBuffer.allocate(0);
    private final Counter counter = new Counter();

    @Setup
    public void prepare() {
        body = corpus.bytes(MEGABYTES * 1_000_000);
        direct = ByteBuffer.allocateDirect(body.length).put(body).flip();
    }

    /** Floor: look at every byte once, count LFs. */
    @Benchmark
    public int scanForLf() {
        int lines = 0;
        for (int from = 0; from < body.length; from += READ) {
            int to = Math.min(body.length, from + READ);
            for (int at = from; at < to; at++) {
                if (body[at] == '\n') {
                    lines++;
                }
            }
        }
        return lines;
    }

    /** Floor: as above, but stopping at each LF, as whoever wants the lines must. */
    @Benchmark
    public long scanForLines() {
        long lengths = 0;
        for (int from = 0; from < body.length; from += READ) {
            int to = Math.min(body.length, from + READ);
            int lineStart = from;
            for (int at = from; at < to; at++) {
                if (body[at] == '\n') {
                    lengths = lengths * 31 + (at - lineStart);
                    lineStart = at + 1;
                }
            }
        }
        return lengths;
    }

    /** Floor: a String of each read. */
    @Benchmark
    public int newString() {
        int chars = 0;
        for (int from = 0; from < body.length; from += READ) {
            chars += new String(body, from, Math.min(READ, body.length - from), UTF_8).length();
        }
        return chars;
    }

    @Benchmark
    public long parse() {
        return parse(READ);
    }

    /** Each read ends inside an event. */
    @Benchmark
    public long parseReadsOf100Bytes() {
        return parse(100);
    }

    @Benchmark
    public long parseSingleBytes() {
        return parse(1);
    }

    @Benchmark
    public long parseDirectBuffers() {
        SseParser parser = new SseParser();
        ByteBuffer chunk = direct.duplicate();
        for (int from = 0; from < body.length; from += READ) {
            chunk.limit(Math.min(body.length, from + READ)).position(from);
            parser.feed(chunk, counter);
        }
        return counter.bytes;
    }

    private long parse(int read) {
        SseParser parser = new SseParser();
        ByteBuffer chunk = ByteBuffer.wrap(body);
        for (int from = 0; from < body.length; from += read) {
            chunk.limit(Math.min(body.length, from + read)).position(from);
            parser.feed(chunk, counter);
        }
        return counter.bytes;
    }

    private static final class Counter implements SseHandler {

        private long bytes;

        @Override
        public void onEvent(String type, byte[] data, int offset, int length, String lastEventId) {
            bytes += length + data[offset];
        }
    }
}
