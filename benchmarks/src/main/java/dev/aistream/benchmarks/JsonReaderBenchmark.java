package dev.aistream.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.aistream.json.JsonNames;
import dev.aistream.json.JsonReader;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import tools.jackson.databind.json.JsonMapper;

/** One OpenAI chunk as JSON: found and taken out of it is the text fragment. Nanoseconds a chunk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class JsonReaderBenchmark {

    private static final JsonNames CHUNK = JsonNames.of("choices");
    private static final JsonNames CHOICE = JsonNames.of("delta");
    private static final JsonNames DELTA = JsonNames.of("content");

    /** Which text. */
    @Param({"ASCII", "CJK"})
    public SseCorpus corpus = SseCorpus.ASCII;

    private byte[] chunk = {};
    private final JsonReader reader = new JsonReader();
    private final JsonMapper jackson = JsonMapper.builder().build();

    @Setup
    public void prepare() {
        String event = new String(corpus.bytes(1), UTF_8);
        chunk = event.substring("data: ".length()).strip().getBytes(UTF_8);
    }

    @Benchmark
    public @Nullable String readText() {
        reader.reset(chunk, 0, chunk.length);
        String text = null;
        reader.beginObject();
        while (reader.nextName()) {
            if (reader.selectName(CHUNK) == 0) {
                reader.beginArray();
                while (reader.nextElement()) {
                    text = choice();
                }
            } else {
                reader.skipValue();
            }
        }
        reader.end();
        return text;
    }

    private @Nullable String choice() {
        String text = null;
        reader.beginObject();
        while (reader.nextName()) {
            if (reader.selectName(CHOICE) == 0) {
                reader.beginObject();
                while (reader.nextName()) {
                    if (reader.selectName(DELTA) == 0) {
                        text = reader.readStringOrNull();
                    } else {
                        reader.skipValue();
                    }
                }
            } else {
                reader.skipValue();
            }
        }
        return text;
    }

    @Benchmark
    public int skip() {
        reader.reset(chunk, 0, chunk.length);
        reader.skipValue();
        reader.end();
        return reader.position();
    }

    @Benchmark
    public @Nullable Object readTree() {
        reader.reset(chunk, 0, chunk.length);
        return reader.readValue();
    }

    /** Beside: a tree by Jackson. */
    @Benchmark
    public Object jacksonTree() {
        return jackson.readTree(chunk);
    }
}
