package dev.aistream.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@link JsonReader} beside Jackson: what one accepts and reads, the other must. */
final class JacksonComparison {

    private static final Pattern EXTREME_EXPONENT = Pattern.compile("[eE][+-]?\\d{6}");

    private final JsonMapper jackson = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(JsonReader.MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private final JsonReader reader = new JsonReader();

    /** Whether the bytes are text at all, without numbers so extreme that neither side can hold them. */
    boolean isComparable(byte[] json) {
        return isWellFormed(json)
                && !EXTREME_EXPONENT.matcher(new String(json, UTF_8)).find();
    }

    /** Returns whether both accept. */
    boolean assertAgreement(byte[] json) {
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
            // As a String: in bytes, Jackson takes "0\0" for UTF-16.
            Object value = jackson.readValue(new String(json, UTF_8), Object.class);
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
            return list.stream().map(JacksonComparison::normalisedElement).toList();
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

    private static boolean isWellFormed(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return bytes.length > 0;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private enum Rejected {
        INSTANCE
    }
}
