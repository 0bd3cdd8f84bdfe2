package dev.aistream.benchmarks;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Flux;

/**
 * What the template adds for each delta: retry, clocks, the gate and the kept answer, over a model that emits from memory.
 * Nanoseconds, and with {@code -prof gc} bytes, per delta; {@link #model} is the floor.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(TemplateBenchmark.DELTAS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class TemplateBenchmark {

    static final int DELTAS = 10_000;

    private static final String TEXT = " token";

    private final ChatModel model = new FromMemory();
    private final AiStreamingTemplate ai =
            AiStreamingTemplate.builder().model(model).build();
    private final ChatRequest request = ChatRequest.of("Go on");

    @Benchmark
    public @Nullable Object model(Blackhole hole) {
        return model.stream(request).doOnNext(hole::consume).blockLast();
    }

    @Benchmark
    public @Nullable Object events(Blackhole hole) {
        return ai.stream(request).events().doOnNext(hole::consume).blockLast();
    }

    @Benchmark
    public @Nullable Object text(Blackhole hole) {
        return ai.stream(request).text().doOnNext(hole::consume).blockLast();
    }

    @Benchmark
    public long toStream() {
        try (Stream<String> words = ai.stream(request).toStream()) {
            return words.count();
        }
    }

    @Benchmark
    public @Nullable Object response() {
        return ai.generate(request).block();
    }

    private static final class FromMemory implements ChatModel {

        private final List<ChatEvent> events = new ArrayList<>();

        FromMemory() {
            events.add(new ChatEvent.ResponseStart("r1", "test-1", "memory", List.of(), null));
            for (int i = 0; i < DELTAS; i++) {
                events.add(new ChatEvent.TextDelta("0", TEXT));
            }
            events.add(new ChatEvent.ResponseEnd(FinishReason.STOP, "stop", null, Map.of()));
        }

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public Flux<ChatEvent> stream(ChatRequest request) {
            return Flux.fromIterable(events);
        }
    }
}
