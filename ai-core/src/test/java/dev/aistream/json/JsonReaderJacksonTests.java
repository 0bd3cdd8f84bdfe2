package dev.aistream.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Jackson accepts and reads, {@link JsonReader} does, on real payloads where they are at hand, and on broken ones. */
class JsonReaderJacksonTests {

    private static final long SEED = 20261122;

    private static final List<String> OWN_PAYLOADS = List.of(
            "{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi \\ud83d\\ude00\\n\"}}],\"usage\":null}",
            "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"漢字 é 😀\"},\"n\":[-0.5e-3,0,12345678901234567890]}",
            "[true,false,null,\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud800\",{\"a\":{\"b\":[[],{}]}},1.5,-7]");

    private final JacksonComparison comparison = new JacksonComparison();

    @Test
    void agreesOnEveryPayload() {
        List<byte[]> payloads = payloads();
        payloads.forEach(comparison::assertAgreement);
        System.out.println(payloads.size() + " JSON payloads compared with Jackson");
    }

    @Test
    void agreesOnMutatedPayloads() {
        List<byte[]> payloads = payloads().stream().filter(p -> p.length < 600).toList();
        Random random = new Random(SEED);
        int accepted = 0;
        for (int run = 0; run < 20_000; run++) {
            byte[] mutated = mutate(payloads.get(random.nextInt(payloads.size())), random);
            if (comparison.isComparable(mutated) && comparison.assertAgreement(mutated)) {
                accepted++;
            }
        }
        assertThat(accepted).as("mutations that are still JSON").isBetween(1_000, 19_000);
    }

    private static byte[] mutate(byte[] json, Random random) {
        byte[] alphabet = "{}[]:,\"\\ 0123456789.eE+-truefalsn\n\u0001u/".getBytes(UTF_8);
        byte[] mutated = json.clone();
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] = alphabet[random.nextInt(alphabet.length)];
                case 1 -> mutated = spliced(mutated, at, at + 1, new byte[0]);
                case 2 -> mutated = spliced(mutated, at, at, new byte[] {alphabet[random.nextInt(alphabet.length)]});
                default -> mutated = spliced(mutated, at, at, slice(json, random));
            }
        }
        return mutated;
    }

    private static byte[] slice(byte[] json, Random random) {
        int from = random.nextInt(json.length);
        return Arrays.copyOfRange(json, from, Math.min(json.length, from + random.nextInt(12)));
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] replacement) {
        return ByteBuffer.allocate(bytes.length - (to - from) + replacement.length)
                .put(bytes, 0, from)
                .put(replacement)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    private static List<byte[]> payloads() {
        List<byte[]> payloads = new ArrayList<>();
        OWN_PAYLOADS.forEach(json -> payloads.add(json.getBytes(UTF_8)));
        Path recordings = Path.of(System.getProperty("recordings", "../../shared/recordings"));
        if (Files.isDirectory(recordings)) {
            try (Stream<Path> files = Files.walk(recordings)) {
                files.filter(file -> file.toString().matches(".*\\.(sse|ndjson|chunks\\.txt)"))
                        .sorted()
                        .flatMap(JsonReaderJacksonTests::lines)
                        .map(line ->
                                line.startsWith("data:") ? line.substring(5).strip() : line)
                        .filter(line -> line.startsWith("{") || line.startsWith("["))
                        .forEach(line -> payloads.add(line.getBytes(UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return payloads;
    }

    private static Stream<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
