package dev.aistream.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What Jackson accepts and reads, {@link JsonReader} does, on real payloads where they are at hand, and on broken ones. */
class JsonReaderJacksonTests {

    private static final long SEED = 20261122;

    private static final Pattern EXTREME_EXPONENT = Pattern.compile("[eE][+-]?\\d{6}");

    private static final List<String> OWN_PAYLOADS = List.of(
            "{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi \\ud83d\\ude00\\n\"}}],\"usage\":null}",
            "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"漢字 é 😀\"},\"n\":[-0.5e-3,0,12345678901234567890]}",
            "[true,false,null,\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud800\",{\"a\":{\"b\":[[],{}]}},1.5,-7]");

    private final JsonMapper jackson = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(JsonReader.MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private final JsonReader reader = new JsonReader();

    @Test
    void agreesOnEveryPayload() {
        List<byte[]> payloads = payloads();
        payloads.forEach(this::assertAgreement);
        System.out.println(payloads.size() + " JSON payloads compared with Jackson");
    }

    @Test
    void agreesOnMutatedPayloads() {
        List<byte[]> payloads = payloads().stream().filter(p -> p.length < 600).toList();
        Random random = new Random(SEED);
        int accepted = 0;
        for (int run = 0; run < 20_000; run++) {
            byte[] mutated = mutate(payloads.get(random.nextInt(payloads.size())), random);
            if (isWellFormed(mutated) && !hasExtremeExponent(mutated) && assertAgreement(mutated)) {
                accepted++;
            }
        }
        assertThat(accepted).as("mutations that are still JSON").isBetween(1_000, 19_000);
    }

    /** Returns whether both accept. */
    private boolean assertAgreement(byte[] json) {
        Object expected = normalised(readByJackson(json));
        Object actual = normalised(readByUs(json));
        assertThat(actual).as(() -> new String(json, UTF_8)).isEqualTo(expected);
        assertThat(skippedByUs(json))
                .as(() -> "skipping " + new String(json, UTF_8))
                .isEqualTo(expected != Rejected.INSTANCE);
        return expected != Rejected.INSTANCE;
    }

    private Object readByJackson(byte[] json) {
        try {
            Object value = jackson.readValue(json, Object.class);
            // Empty input is nothing to Jackson, and no JSON to us.
            return value == null && new String(json, UTF_8).isBlank() ? Rejected.INSTANCE : value;
        } catch (JacksonException | NumberFormatException invalid) {
            return Rejected.INSTANCE;
        }
    }

    private Object readByUs(byte[] json) {
        try {
            reader.reset(json, 0, json.length);
            Object value = reader.readValue();
            reader.end();
            return value;
        } catch (JsonSyntaxException invalid) {
            return Rejected.INSTANCE;
        }
    }

    private boolean skippedByUs(byte[] json) {
        try {
            reader.reset(json, 0, json.length);
            reader.skipValue();
            reader.end();
            return true;
        } catch (JsonSyntaxException invalid) {
            return false;
        }
    }

    private static Object normalised(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((name, member) -> copy.put(name, normalised(member)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonReaderJacksonTests::normalisedElement).toList();
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer).stripTrailingZeros();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros();
        }
        if (value instanceof Long integer) {
            return BigDecimal.valueOf(integer).stripTrailingZeros();
        }
        return value instanceof Double decimal ? BigDecimal.valueOf(decimal).stripTrailingZeros() : value;
    }

    private static Object normalisedElement(Object element) {
        return element == null ? "null literal" : normalised(element);
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

    /** Valid JSON whose value neither side can hold: not a question of syntax. */
    private static boolean hasExtremeExponent(byte[] json) {
        return EXTREME_EXPONENT.matcher(new String(json, UTF_8)).find();
    }

    private static boolean isWellFormed(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return bytes.length > 0;
        } catch (CharacterCodingException malformed) {
            return false;
        }
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

    private enum Rejected {
        INSTANCE
    }
}
