package dev.aistream.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes, {@link JsonReader} reads them as Jackson does or fails as it says. */
class JsonReaderFuzzTests {

    private static final JacksonComparison COMPARISON = new JacksonComparison();
    private static final JsonReader READER = new JsonReader();

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void agreesWithJackson(byte[] json) {
        if (COMPARISON.isComparable(json)) {
            COMPARISON.assertAgreement(json);
        } else {
            readMalformedText(json);
        }
    }

    /** The caller breaks the contract; no other exception may come out all the same. */
    private static void readMalformedText(byte[] json) {
        try {
            READER.reset(json, 0, json.length);
            READER.readValue();
            READER.end();
        } catch (JsonSyntaxException expected) {
            READER.reset(json, 0, 0);
        }
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "{\"a\":[1,-2.5e-3,true,false,null,\"x\\n\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":\"漢字 😀\"}}",
                        "[[],{},\"\",0]",
                        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}]}",
                        "12345678901234567890",
                        " \"long enough to fill more than one word of eight bytes\" ")
                .map(json -> json.getBytes(UTF_8));
    }
}
