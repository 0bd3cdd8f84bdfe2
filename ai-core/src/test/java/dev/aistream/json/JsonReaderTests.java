package dev.aistream.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTests {

    private final JsonReader reader = new JsonReader();

    @Test
    void readsMembersInTheOrderWritten() {
        reset(" { \"text\" : \"hi\" , \"count\":3,\"ok\":true ,\"none\":null,\"more\":[ {} , [] ]} ");
        List<String> seen = new ArrayList<>();

        reader.beginObject();
        while (reader.nextName()) {
            seen.add(reader.name() + "=" + reader.readValue());
        }
        reader.end();

        assertThat(seen).containsExactly("text=hi", "count=3", "ok=true", "none=null", "more=[{}, []]");
    }

    @Test
    void selectsNamesByTheirBytes() {
        JsonNames names = JsonNames.of("id", "choices", "delta", "", "größe", "a\"b");
        reset("{\"delta\":1,\"id\":2,\"other\":3,\"\":4,\"größe\":5,\"a\\\"b\":6,\"\\u0069d\":7,\"choice\":8}");
        List<Integer> seen = new ArrayList<>();

        reader.beginObject();
        while (reader.nextName()) {
            seen.add(reader.selectName(names));
            reader.skipValue();
        }

        assertThat(seen).containsExactly(2, 0, -1, 3, 4, 5, 0, -1);
    }

    @Test
    void findsEachOfManyNames() {
        String[] many = new String[100];
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < many.length; i++) {
            many[i] = "name_" + i;
            json.append(i == 0 ? "" : ",")
                    .append("\"name_")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        JsonNames names = JsonNames.of(many);
        reset(json.append("}").toString());

        reader.beginObject();
        while (reader.nextName()) {
            assertThat(reader.selectName(names)).isEqualTo((int) reader.readLong());
        }
    }

    @Test
    void refusesANameGivenTwice() {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonNames.of("a", "b", "a"));
    }

    @Test
    void comparesNames() {
        reset("{\"usage\":1,\"us\\u0061ge\":2,\"usages\":3}");
        List<Boolean> equal = new ArrayList<>();

        reader.beginObject();
        while (reader.nextName()) {
            equal.add(reader.nameEquals("usage".getBytes(UTF_8)));
            reader.skipValue();
        }

        assertThat(equal).containsExactly(true, true, false);
    }

    @Test
    void keepsTheNameWhileItsValueIsRead() {
        reset("{\"outer\":{\"inner\":1}}");
        reader.beginObject();
        reader.nextName();
        reader.skipValue();

        assertThat(reader.name()).isEqualTo("outer");
    }

    @Test
    void readsStringsOfEveryLengthAtEveryPosition() {
        for (int length = 0; length < 40; length++) {
            for (int before = 0; before < 9; before++) {
                for (String unit : List.of("x", "é", "漢", "😀", "\\n", "\\u00e9")) {
                    String json = " ".repeat(before) + '"' + "a".repeat(length) + unit + "b".repeat(length) + '"';
                    String expected = "a".repeat(length) + plain(unit) + "b".repeat(length);
                    byte[] bytes = json.getBytes(UTF_8);
                    reader.reset(bytes, 0, bytes.length);
                    assertThat(reader.readString()).isEqualTo(expected);
                    reader.end();
                }
            }
        }
    }

    @Test
    void looksAtNothingBeyondTheSlice() {
        byte[] bytes = "xx\"abc\"\"def".getBytes(UTF_8);
        reader.reset(bytes, 2, 5);
        assertThat(reader.readString()).isEqualTo("abc");
        reader.end();

        reader.reset(bytes, 2, 4);
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(reader::readString)
                .satisfies(failure -> assertThat(failure.offset()).isEqualTo(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\" | 22 5c 2f 8 c a d 9",
                "\"\\u0000\\u0041\\u00e9\\u6F22\" | 0 41 e9 6f22",
                "\"\\ud83d\\ude00\" | d83d de00",
                "\"\\ude00\\ud83d\" | de00 d83d",
                "\"\\ud83dx\" | d83d 78",
                "\"é漢😀\\n\" | e9 6f22 d83d de00 a",
            })
    void decodesEscapes(String json, String chars) {
        reset(json);
        StringBuilder hex = new StringBuilder();
        reader.readString()
                .chars()
                .forEach(c -> hex.append(hex.isEmpty() ? "" : " ").append(Integer.toHexString(c)));
        assertThat(hex).hasToString(chars);
    }

    @Test
    void appendsToABuilder() {
        reset("[\"ab\",\"c\\n漢\",\"\"]");
        StringBuilder out = new StringBuilder();
        List<Integer> lengths = new ArrayList<>();

        reader.beginArray();
        while (reader.nextElement()) {
            lengths.add(reader.readStringInto(out));
        }

        assertThat(out).hasToString("abc\n漢");
        assertThat(lengths).containsExactly(2, 3, 0);
    }

    @Test
    void tellsNullFromAString() {
        reset("[null,\"null\",null]");
        reader.beginArray();
        reader.nextElement();
        assertThat(reader.readStringOrNull()).isNull();
        reader.nextElement();
        assertThat(reader.readNull()).isFalse();
        assertThat(reader.readStringOrNull()).isEqualTo("null");
        reader.nextElement();
        assertThat(reader.readNull()).isTrue();
        assertThat(reader.nextElement()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "-12, -12",
        "999999999999999999, 999999999999999999",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "-9223372036854775809, -9223372036854775808",
        "123456789012345678901234567890, 9223372036854775807",
        "12.9, 12",
        "-12.9, -12",
        "9007199254740993.5, 9007199254740993",
        "1.5e3, 1500",
        "1E2, 100",
        "1e400, 9223372036854775807",
        "-1e400, -9223372036854775808",
        "5e-1, 0"
    })
    void readsLongsToleratingFractionsAndMagnitude(String json, long expected) {
        reset(json);
        assertThat(reader.readLong()).isEqualTo(expected);
        reader.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "-1.5",
                "0.1",
                "0.30000000000000004",
                "123456789.123456789",
                "9007199254740993",
                "1e22",
                "1E-7",
                "1.7976931348623157e308",
                "1e309",
                "4.9e-324",
                "0.000000000000000001",
                "-0.69314718055994530941",
                "123456789012345678901234567890"
            })
    void readsDoublesAsJavaDoes(String json) {
        reset(json);
        assertThat(reader.readDouble()).isEqualTo(Double.parseDouble(json));
        reader.end();
    }

    @Test
    void losesNoDigitOfAnyNumber() {
        assertThat(value("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(value("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(value("9223372036854775808")).isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(value("0.1")).isEqualTo(0.1);
        assertThat(value("1e3")).isEqualTo(1000.0);
        assertThat(value("0.1000000000000000055511151231257827"))
                .isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
        assertThat(value("1e400")).isEqualTo(new BigDecimal("1e400"));
        assertThat(value("1e-400")).isEqualTo(new BigDecimal("1e-400"));
    }

    @Test
    void readsAnyValue() {
        assertThat(value("{\"b\":[1,\"x\",null,true,{}],\"a\":{\"c\":false},\"b\":2}"))
                .isEqualTo(Map.of("b", 2L, "a", Map.of("c", false)));
        assertThat((Map<?, ?>) value("{\"z\":1,\"y\":2,\"x\":3}")).asString().isEqualTo("{z=1, y=2, x=3}");
    }

    @Test
    void peeksWithoutMoving() {
        reset(" [ {\"a\" : \"b\"} , -1, true,false,null ] ");
        assertThat(reader.peek()).isEqualTo(JsonToken.ARRAY);
        reader.beginArray();
        reader.nextElement();
        assertThat(reader.peek()).isEqualTo(JsonToken.OBJECT);
        reader.beginObject();
        reader.nextName();
        assertThat(reader.peek()).isEqualTo(JsonToken.STRING);
        assertThat(reader.readString()).isEqualTo("b");
        assertThat(reader.peek()).isEqualTo(JsonToken.END_OBJECT);
        assertThat(reader.nextName()).isFalse();
        reader.nextElement();
        assertThat(reader.peek()).isEqualTo(JsonToken.NUMBER);
        assertThat(reader.readLong()).isEqualTo(-1);
        reader.nextElement();
        assertThat(reader.peek()).isEqualTo(JsonToken.TRUE);
        assertThat(reader.readBoolean()).isTrue();
        reader.nextElement();
        assertThat(reader.peek()).isEqualTo(JsonToken.FALSE);
        assertThat(reader.readBoolean()).isFalse();
        reader.nextElement();
        assertThat(reader.peek()).isEqualTo(JsonToken.NULL);
        assertThat(reader.readNull()).isTrue();
        assertThat(reader.peek()).isEqualTo(JsonToken.END_ARRAY);
        assertThat(reader.nextElement()).isFalse();
        assertThat(reader.peek()).isEqualTo(JsonToken.END);
    }

    @Test
    void givesAValueAsWritten() {
        String json = "{\"a\": {\"x\" : [1.50, \"ü\\n\"]} ,\"b\":2}";
        reset(json);
        reader.beginObject();
        reader.nextName();
        assertThat(reader.bytes()[reader.position()]).isEqualTo((byte) '{');
        assertThat(reader.readRaw()).isEqualTo("{\"x\" : [1.50, \"ü\\n\"]}");
        reader.nextName();
        int from = reader.position();
        reader.skipValue();
        assertThat(new String(reader.bytes(), from, reader.position() - from, UTF_8))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "}",
                "]",
                ",",
                ":",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\" 1}",
                "{1:2}",
                "[1,]",
                "[,1]",
                "[,]",
                "[1 2]",
                "[1",
                "[1,",
                "{\"a\":1",
                "{\"a",
                "{\"a\":1]",
                "[1}",
                "01",
                "-01",
                "-",
                "+1",
                ".5",
                "1.",
                "1.e1",
                "1e",
                "1e+",
                "0x1",
                "1_0",
                "NaN",
                "Infinity",
                "-Infinity",
                "tru",
                "True",
                "nul",
                "nulL",
                "falsey",
                "\"",
                "\"abc",
                "\"\\",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u\"",
                "\"a\nb\"",
                "\"a\u0000b\"",
                "\"\t\"",
                "\"\u001f\"",
                "1 2",
                "{} {}",
                "null,",
                "// c\n1",
                "/* c */1",
                "\u00a01",
                "\f1",
                "\ufeff1",
                "[[]",
                "[]]",
                "\"\\u+123\"",
                "\"\\U0041\"",
                "[\"a\",\"b]",
                "\"１\\u１111\"",
                "-é",
                "1é"
            })
    void refusesWhatIsNoJson(String json) {
        assertThat(rejectedBySkipping(json)).isTrue();
        assertThat(rejectedByReading(json)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " [ ] ",
                "{ }",
                "0",
                "-0",
                "0e0",
                "0.0",
                "-1.5E+10",
                "\"\"",
                "\"\u007f\"",
                "\"/\"",
                "true",
                "[{},[],\"\",0,null]",
                "\t\r\n {\"\":{\"\":[]}}\n",
                "\"\\u0000\"",
                "{\"a\":1,\"a\":2}",
                "\"\u2028\""
            })
    void acceptsWhatIsJson(String json) {
        assertThat(rejectedBySkipping(json)).isFalse();
        assertThat(rejectedByReading(json)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void boundsTheDepth(String open) {
        String close = open.startsWith("[") ? "]" : "}";
        String deepest = open.repeat(JsonReader.MAX_DEPTH) + "0" + close.repeat(JsonReader.MAX_DEPTH);
        String tooDeep = open.repeat(1_000_000);

        assertThat(rejectedBySkipping(deepest)).isFalse();
        assertThat(rejectedByReading(deepest)).isFalse();
        assertThat(rejectedBySkipping(tooDeep)).isTrue();
        assertThat(rejectedByReading(tooDeep)).isTrue();
    }

    @Test
    void skipsMixedNesting() {
        reset("[" + "{\"a\":[{},[[{\"b\":{}}]],\"]}\"],\"c\":{\"d\":[]}}" + ",7]");
        reader.beginArray();
        reader.nextElement();
        reader.skipValue();
        reader.nextElement();
        assertThat(reader.readLong()).isEqualTo(7);
        assertThat(reader.nextElement()).isFalse();
        reader.end();
    }

    @Test
    void refusesAnotherTypeThanAskedFor() {
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(() -> reset("1").readString());
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(() -> reset("\"1\"").readLong());
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(() -> reset("1").readBoolean());
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(() -> reset("[]").beginObject());
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(() -> reset("{}").beginArray());
        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(() -> reset("").readDouble());
    }

    @Test
    void isAsNewAfterAFailure() {
        assertThatExceptionOfType(JsonSyntaxException.class).isThrownBy(() -> {
            reset("{\"a\":[[[\"x\\q");
            reader.readValue();
        });

        assertThat(value("{\"a\":[1]}")).isEqualTo(Map.of("a", List.of(1L)));
    }

    @Test
    void saysWhereAndWhatWasExpectedButNotWhatWasThere() {
        byte[] bytes = "....{\"secret\" \"sk-123\"}".getBytes(UTF_8);
        reader.reset(bytes, 4, bytes.length - 4);

        assertThatExceptionOfType(JsonSyntaxException.class)
                .isThrownBy(reader::readValue)
                .withMessage("Malformed JSON at byte 10: expected ':'");
    }

    @Test
    void refusesNumbersWhoseValueWouldCostTooMuch() {
        assertThat(rejectedByReading("1".repeat(1001))).isTrue();
        assertThat(rejectedByReading("1e99999999999")).isTrue();
        assertThat(rejectedBySkipping("1".repeat(1001))).isFalse();
        assertThat(reset("1".repeat(100_000)).readLong()).isEqualTo(Long.MAX_VALUE);
    }

    private JsonReader reset(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        reader.reset(bytes, 0, bytes.length);
        return reader;
    }

    private Object value(String json) {
        reset(json);
        Object value = reader.readValue();
        reader.end();
        return value;
    }

    private boolean rejectedBySkipping(String json) {
        reset(json);
        return rejects(() -> {
            reader.skipValue();
            reader.end();
        });
    }

    private boolean rejectedByReading(String json) {
        return rejects(() -> value(json));
    }

    private static boolean rejects(Runnable reading) {
        try {
            reading.run();
            return false;
        } catch (JsonSyntaxException expected) {
            return true;
        }
    }

    private static String plain(String unit) {
        return switch (unit) {
            case "\\n" -> "\n";
            case "\\u00e9" -> "é";
            default -> unit;
        };
    }
}
