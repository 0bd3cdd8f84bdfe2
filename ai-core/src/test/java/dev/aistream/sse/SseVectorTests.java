package dev.aistream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the conformance vectors, those of the test resources or of the file that {@code -Dsse.vectors} names, as their
 * README asks.
 */
class SseVectorTests {

    private static final long SEED = 20261122;
    private static final int RANDOM_CUTS = 20;

    private final List<String> failures = new ArrayList<>();

    @Test
    void everyVectorGivesItsEventsHoweverItIsCut() throws IOException {
        List<Vector> vectors = vectors();

        long passed = vectors.stream().filter(this::passes).count();

        System.out.println(vectors.size() + " vectors, " + passed + " passed");
        failures.forEach(System.out::println);
        assertThat(failures).isEmpty();
        assertThat(vectors).isNotEmpty();
    }

    private boolean passes(Vector vector) {
        for (Map.Entry<String, List<byte[]>> cut : cuts(vector).entrySet()) {
            for (Memory memory : Memory.values()) {
                String difference = difference(vector, cut.getValue(), memory);
                if (difference != null) {
                    failures.add(vector.name + ", " + cut.getKey() + ", " + memory + ": " + difference);
                    return false;
                }
            }
        }
        return true;
    }

    private static Map<String, List<byte[]>> cuts(Vector vector) {
        byte[] body = Base64.getDecoder().decode(vector.input_base64);
        Map<String, List<byte[]>> cuts = new LinkedHashMap<>();
        cuts.put("whole", List.of(body));
        for (int size : List.of(1, 2, 3, 7)) {
            cuts.put("in pieces of " + size, Cuts.every(body, size));
        }
        if (vector.chunk_sizes != null) {
            cuts.put("at chunk_sizes", Cuts.at(body, vector.chunk_sizes));
        }
        cuts.put("with empty chunks", withEmptyChunks(Cuts.every(body, 2)));
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_CUTS; i++) {
            cuts.put("random cut " + i + " of seed " + SEED, Cuts.random(body, random));
        }
        return cuts;
    }

    private static List<byte[]> withEmptyChunks(List<byte[]> chunks) {
        List<byte[]> mixed = new ArrayList<>();
        mixed.add(new byte[0]);
        chunks.forEach(chunk -> mixed.addAll(List.of(chunk, new byte[0])));
        return mixed;
    }

    private static @Nullable String difference(Vector vector, List<byte[]> chunks, Memory memory) {
        SseParser parser = new SseParser(1 << 20);
        SseLog log = new SseLog();
        try {
            chunks.forEach(chunk -> parser.feed(memory.buffer.apply(chunk.clone()), log));
        } catch (RuntimeException e) {
            return e.toString();
        }
        List<SseLog.Retry> retries = log.every(SseLog.Retry.class);
        Long retry = retries.isEmpty() ? null : retries.get(retries.size() - 1).millis();
        if (!log.events().equals(Arrays.asList(vector.events))) {
            return "events " + log.events() + " instead of " + Arrays.toString(vector.events);
        }
        if (!parser.lastEventId().equals(vector.last_event_id)) {
            return "last event id " + parser.lastEventId() + " instead of " + vector.last_event_id;
        }
        boolean specified = !"unspecified".equals(vector.oracle.get("reconnect_time_ms"));
        if (specified && !Objects.equals(retry, vector.reconnect_time_ms)) {
            return "reconnection time " + retry + " instead of " + vector.reconnect_time_ms;
        }
        return null;
    }

    private static List<Vector> vectors() throws IOException {
        String file = System.getProperty("sse.vectors");
        try (InputStream json = file == null
                ? SseVectorTests.class.getResourceAsStream("/sse-vectors/sse-vectors.json")
                : Files.newInputStream(Path.of(file))) {
            return JsonMapper.shared().readValue(json, new TypeReference<List<Vector>>() {});
        }
    }

    /** Where the bytes lie; the parser reads some in place and copies others. */
    private enum Memory {
        HEAP(ByteBuffer::wrap),
        HEAP_SLICE(Cuts::heapSlice),
        DIRECT(Cuts::direct);

        private final Function<byte[], ByteBuffer> buffer;

        Memory(Function<byte[], ByteBuffer> buffer) {
            this.buffer = buffer;
        }
    }

    private record Vector(
            String name,
            String what,
            String input_base64,
            int @Nullable [] chunk_sizes,
            SseLog.Event[] events,
            String last_event_id,
            @Nullable Long reconnect_time_ms,
            Map<String, String> oracle) {}
}
