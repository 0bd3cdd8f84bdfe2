package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.aistream.sse.SseLog.Event;
import dev.aistream.sse.SseLog.UnknownLine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTests {

    private final SseLog log = new SseLog();

    @ParameterizedTest
    @MethodSource("everySplitOfTwoDataLines")
    void joinsDataLinesWithLf(List<byte[]> chunks) {
        feed(new SseParser(), chunks);

        assertThat(log.all).containsExactly(new Event("message", "first\nsecond", ""));
    }

    static Stream<List<byte[]>> everySplitOfTwoDataLines() {
        byte[] body = "data: first\ndata: second\n\n".getBytes(UTF_8);
        return IntStream.rangeClosed(0, body.length).mapToObj(size -> Cuts.at(body, size));
    }

    @Test
    void crlfSplitAcrossChunksEndsOneLine() {
        feed(new SseParser(), "data: a\r", "\ndata: b\r", "\n\r", "\n");

        assertThat(log.data()).containsExactly("a\nb");
    }

    @Test
    void dispatchesOnALoneCrWithoutWaitingForTheNextByte() {
        feed(new SseParser(), "data: a\r\r");

        assertThat(log.data()).containsExactly("a");
    }

    @Test
    void givesTypeAndIdAsTheyStandAtTheBlankLine() {
        feed(
                new SseParser(),
                "event: delta\nid: 7\ndata: a\n\ndata: b\n\nid\nevent: stop\n\ndata: c\n\n".replace("\n", "\r\n"));

        assertThat(log.events())
                .containsExactly(
                        new Event("delta", "a", "7"), new Event("message", "b", "7"), new Event("message", "c", ""));
    }

    @Test
    void replacesMalformedUtf8AsTheEncodingStandardSays() {
        byte[] body = bytes("data: ", 0xED, 0xA0, 0x80, "|", 0xE6, 0xBC, "|", 0xF0, 0x9F, 0x98, 0xC0, "\n\n");

        for (int size = 1; size <= body.length; size++) {
            SseLog cut = new SseLog();
            feed(new SseParser(), Cuts.every(body, size), cut);
            assertThat(cut.data()).containsExactly("\uFFFD\uFFFD\uFFFD|\uFFFD|\uFFFD\uFFFD");
        }
    }

    @Test
    void agreesWithTheReferenceOnRandomBodiesAtRandomCuts() {
        Random random = new Random(20261122);
        for (int run = 0; run < 3_000; run++) {
            byte[] body = randomBody(random);
            SseLog cut = new SseLog();
            feed(new SseParser(), Cuts.random(body, random), cut);
            assertThat(cut.all).as("run %d", run).isEqualTo(ReferenceSseParser.parse(body).all);
        }
    }

    @Test
    void namesTheSameTypeAndIdByTheSameString() {
        List<String> names = new ArrayList<>();
        String delta = "event: content_block_delta\nid: 42\ndata: x\n\n";
        String body = delta + "event: ping\ndata: x\n\n" + delta + "event: content_block_delte\nid: 43\ndata: x\n\n";

        new SseParser().feed(ByteBuffer.wrap(body.getBytes(UTF_8)), (type, data, offset, length, id) -> {
            names.add(type);
            names.add(id);
        });

        assertThat(names)
                .containsExactly(
                        "content_block_delta",
                        "42",
                        "ping",
                        "42",
                        "content_block_delta",
                        "42",
                        "content_block_delte",
                        "43");
        assertThat(names.get(4)).isSameAs(names.get(0));
        assertThat(names.get(5)).isSameAs(names.get(1));
    }

    @Test
    void takesTheLargestReconnectionTimes() {
        feed(
                new SseParser(),
                "retry: 9223372036854775807\nretry: 9223372036854775808\nretry: 9223372036854775806\nretry: 0\n");

        assertThat(log.every(SseLog.Retry.class).stream().map(SseLog.Retry::millis))
                .containsExactly(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1, 0L);
    }

    @Test
    void showsAnUnknownLineBeforeItsEnd() {
        SseParser parser = new SseParser();
        feed(parser, "data: a\n\n{\"erro");
        assertThat(parser.unknownLine()).isEqualTo(ByteBuffer.wrap("{\"erro".getBytes(UTF_8)));
        feed(parser, "r\"");
        assertThat(parser.unknownLine()).isEqualTo(ByteBuffer.wrap("{\"error\"".getBytes(UTF_8)));
        parser.feed(ByteBuffer.wrap(new byte[] {(byte) 0xE2}), log);
        assertThat(parser.unknownLine()).isEqualTo(ByteBuffer.wrap("{\"error\"\uFFFD".getBytes(UTF_8)));
        feed(parser, "\n");
        assertThat(parser.unknownLine()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "da", "data: {}", ": {}", "text", "e", "{}\n"})
    void showsNoOtherLineBeforeItsEnd(String body) {
        SseParser parser = new SseParser();
        feed(parser, body);
        assertThat(parser.unknownLine()).isNull();
    }

    @Test
    void showsNoLineOfWhichItKeepsTheBeginningOnly() {
        SseParser parser = new SseParser(16);
        feed(parser, "{" + "x".repeat(15));
        assertThat(parser.unknownLine()).isNotNull();
        feed(parser, "x");
        assertThat(parser.unknownLine()).isNull();
    }

    @Test
    void readsFromTheBuffersPositionToItsLimit() {
        ByteBuffer chunk = ByteBuffer.wrap("xxdata: a\n\nyy".getBytes(UTF_8));
        chunk.position(2).limit(11);

        new SseParser().feed(chunk, log);

        assertThat(log.data()).containsExactly("a");
        assertThat(chunk.hasRemaining()).isFalse();
    }

    @Test
    void handsOutDataWhereTheyLie() {
        byte[] body = "data: whole\n\ndata: again\n\n".getBytes(UTF_8);
        byte[][] handed = new byte[1][];

        new SseParser().feed(ByteBuffer.wrap(body), (type, data, offset, length, id) -> handed[0] = data);

        assertThat(handed[0]).isSameAs(body);
    }

    @Test
    void keepsNoChunk() {
        SseParser parser = new SseParser();
        byte[] chunk = "data: one\nevent: t\nda".getBytes(UTF_8);
        parser.feed(ByteBuffer.wrap(chunk), log);
        Arrays.fill(chunk, (byte) 'x');

        feed(parser, "ta: two\n\n");

        assertThat(log.all).containsExactly(new Event("t", "one\ntwo", ""));
    }

    // Limits

    @ParameterizedTest
    @ValueSource(strings = {"data: ", "data:", "event: ", "id: ", "retry: "})
    void failsOnALineOverTheLimit(String field) {
        String longest = field + "1".repeat(64 - field.length());
        for (int size : List.of(1, 7, 63, 64, 65, 1000)) {
            feed(new SseParser(64), Cuts.every(("data: before\n\n" + longest + "\n\n").getBytes(UTF_8), size));
            log.all.clear();

            byte[] tooLong = ("data: before\n\n" + longest + "1\n\n").getBytes(UTF_8);
            assertThatExceptionOfType(SseLimitException.class)
                    .isThrownBy(() -> feed(new SseParser(64), Cuts.every(tooLong, size)))
                    .withMessage("A line of the event stream is longer than 64 bytes (max-line-length)")
                    .satisfies(failure -> assertThat(failure.limit()).isEqualTo(64))
                    .satisfies(failure -> assertThat(failure.property()).isEqualTo("max-line-length"));
            assertThat(log.data()).containsExactly("before");
            log.all.clear();
        }
    }

    @Test
    void failsBeforeAnEndlessLineEnds() {
        assertThatExceptionOfType(SseLimitException.class)
                .isThrownBy(() -> feed(new SseParser(), "data: ", "x".repeat(SseParser.DEFAULT_MAX_LINE_LENGTH)));
    }

    @Test
    void failsOnAnEventOfTooManyLines() {
        for (int size : List.of(1, 5, 1000)) {
            log.all.clear();
            byte[] longest = ("data: aaa\n".repeat(8) + "\n").getBytes(UTF_8);
            feed(new SseParser(64, 31), Cuts.every(longest, size));
            assertThat(log.data()).containsExactly("aaa\n".repeat(7) + "aaa");

            assertThatExceptionOfType(SseLimitException.class)
                    .isThrownBy(() -> feed(new SseParser(64, 30), Cuts.every(longest, size)))
                    .satisfies(failure -> assertThat(failure.limit()).isEqualTo(30))
                    .satisfies(failure -> assertThat(failure.property()).isEqualTo("max-event-length"));
        }
    }

    @Test
    void countsWhatReplacementsAddToAnEvent() {
        byte[] body = bytes("data: ", 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, "\n\n");

        assertThatExceptionOfType(SseLimitException.class)
                .isThrownBy(() -> feed(new SseParser(64, 17), List.of(body)))
                .satisfies(failure -> assertThat(failure.property()).isEqualTo("max-event-length"));
        feed(new SseParser(64, 18), List.of(body));
        assertThat(log.data()).containsExactly("\uFFFD".repeat(6));
    }

    @Test
    void boundsAnEventByFourLinesUnlessToldOtherwise() {
        String line = "data: " + "x".repeat(SseParser.DEFAULT_MAX_EVENT_LENGTH - 6);
        feed(new SseParser(SseParser.DEFAULT_MAX_EVENT_LENGTH), (line + "\n").repeat(4) + "\n");
        assertThat(log.events()).hasSize(1);

        assertThatExceptionOfType(SseLimitException.class)
                .isThrownBy(() -> feed(new SseParser(SseParser.DEFAULT_MAX_EVENT_LENGTH), (line + "\n").repeat(5)))
                .satisfies(failure -> assertThat(failure.limit()).isEqualTo(4 << 20));
    }

    @Test
    void refusesLimitsThatNoStreamFits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SseParser(15));
        assertThatIllegalArgumentException().isThrownBy(() -> new SseParser(64, 0));
        assertThat(new SseParser(Integer.MAX_VALUE)).isNotNull();
    }

    // Unknown lines

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":500}}",
                "}",
                "[{",
                "],",
                ",",
                "\"x\"",
                " indented",
                "\ttab",
                "error: {\"a\":1}",
                "error:x",
                "error",
                " data: x"
            })
    void reportsLinesThatProvidersSendInsteadOfEvents(String line) {
        for (int size = 1; size <= line.length() + 2; size++) {
            log.all.clear();
            SseParser parser = new SseParser();
            feed(parser, Cuts.every((line + "\n\n").getBytes(UTF_8), size));
            assertThat(log.all).containsExactly(new UnknownLine(line, false));
            assertThat(parser.isEventStream()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "errors: x",
                "Error: x",
                "err",
                "foo: bar",
                "datas: x",
                "Data: x",
                "hello",
                "dat",
                "e",
                "1",
                "retry_after: 1",
                "漢",
                "\u0000"
            })
    void passesOverOtherUnknownFields(String line) {
        for (int size = 1; size <= line.length() + 2; size++) {
            SseParser parser = new SseParser();
            feed(parser, Cuts.every((line + "\n\n").getBytes(UTF_8), size));
            assertThat(log.all).isEmpty();
            assertThat(parser.isEventStream()).isFalse();
        }
    }

    @Test
    void cutsALongUnknownLineAtItsBound() {
        String line = "{" + "x".repeat(99) + "漢";
        for (int size : List.of(1, 7, 200)) {
            log.all.clear();
            feed(new SseParser(100), Cuts.every((line + "\ndata: a\n\n").getBytes(UTF_8), size));
            assertThat(log.all)
                    .containsExactly(new UnknownLine(line.substring(0, 100), true), new Event("message", "a", ""));

            log.all.clear();
            feed(new SseParser(101), Cuts.every((line + "\n").getBytes(UTF_8), size));
            assertThat(log.all).containsExactly(new UnknownLine(line.substring(0, 100) + "\uFFFD", true));
        }
    }

    @Test
    void keepsToTheLineHoweverFarIntoTheChunkItLies() {
        feed(new SseParser(100), ":\n".repeat(100) + "{\"a\":1}\n{\"b\":2}\n");

        assertThat(log.every(UnknownLine.class))
                .containsExactly(new UnknownLine("{\"a\":1}", false), new UnknownLine("{\"b\":2}", false));
    }

    // What makes an event stream

    @ParameterizedTest
    @ValueSource(
            strings = {":", ": ping\n", "data", "data:", "event: x\n", "id:", "retry: 1\n", "\uFEFFdata:", "\n\n:x"})
    void knowsAnEventStreamByItsFirstFieldOrComment(String body) {
        for (int size = 1; size <= body.length(); size++) {
            SseParser parser = new SseParser();
            feed(parser, Cuts.every((body + (body.equals("data") ? "\n" : "")).getBytes(UTF_8), size));
            assertThat(parser.isEventStream()).isTrue();
        }
    }

    // End of stream

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "data: [DONE]\\n | [DONE]",
                "data: [DONE] | [DONE]",
                "data: [DONE]\\r | [DONE]",
                "data: {\"a\":\\ndata: 1} | {\"a\":\\n1}",
                "data: a\\n\\ndata: b | b",
                "data: a\\nda | a"
            })
    void exposesTheEventThatTheEndOfTheStreamLeftOpen(String body, String expected) {
        byte[] bytes = unescaped(body).getBytes(UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            SseParser parser = new SseParser();
            feed(parser, Cuts.every(bytes, size));
            log.all.clear();

            assertThat(parser.unfinished(log)).isTrue();
            assertThat(log.data()).containsExactly(unescaped(expected));
        }
    }

    @Test
    void exposesTypeAndIdWithoutMakingTheIdCount() {
        SseParser parser = new SseParser();
        feed(parser, "id: 1\ndata: a\n\nevent: stop\nid: 2\ndata: b\n");

        parser.unfinished(log);

        assertThat(log.events()).containsExactly(new Event("message", "a", "1"), new Event("stop", "b", "2"));
        assertThat(parser.lastEventId()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"code\":500}}", "error: {\"code\":500}"})
    void exposesAnUnknownLineWithoutLineEnd(String line) {
        SseParser parser = new SseParser();
        feed(parser, Cuts.every(line.getBytes(UTF_8), 3));

        assertThat(parser.unfinished(log)).isTrue();
        assertThat(log.all).containsExactly(new UnknownLine(line, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data: a\n\n", "data: a\r\n\r\n", "event: x\nid: 1\n", ": ping\n", "\uFEFF"})
    void exposesNothingWhenNothingIsOpen(String body) {
        SseParser parser = new SseParser();
        feed(parser, body);
        log.all.clear();

        assertThat(parser.unfinished(log)).isFalse();
        assertThat(log.all).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {": pin", "retry: 30", "foo: b", "event: x", "id: 4"})
    void reportsNoFieldThatMayBeCut(String body) {
        SseParser parser = new SseParser();
        feed(parser, body);

        assertThat(parser.unfinished(log)).isTrue();
        assertThat(log.all).isEmpty();
    }

    // Misuse

    @Test
    void isSpentAfterItThrew() {
        SseParser parser = new SseParser(16);
        assertThatExceptionOfType(SseLimitException.class).isThrownBy(() -> feed(parser, "data: 01234567890"));

        assertThatIllegalStateException().isThrownBy(() -> feed(parser, "\n\n"));
        assertThatIllegalStateException().isThrownBy(() -> parser.unfinished(log));
    }

    @Test
    void isSpentAfterItsHandlerThrew() {
        SseParser parser = new SseParser();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> parser.feed(ByteBuffer.wrap("data: a\n\n".getBytes(UTF_8)), (t, d, o, l, i) -> {
                    throw new UnsupportedOperationException();
                }));

        assertThatIllegalStateException().isThrownBy(() -> feed(parser, "data: b\n\n"));
        assertThat(log.all).isEmpty();
    }

    @Test
    void refusesBytesFromItsOwnHandler() {
        SseParser parser = new SseParser();

        assertThatIllegalStateException()
                .isThrownBy(() -> parser.feed(
                        ByteBuffer.wrap("data: a\n\n".getBytes(UTF_8)),
                        (t, d, o, l, i) -> feed(parser, "data: b\n\n")));
    }

    private void feed(SseParser parser, String... chunks) {
        feed(parser, Stream.of(chunks).map(chunk -> chunk.getBytes(UTF_8)).toList());
    }

    private void feed(SseParser parser, List<byte[]> chunks) {
        feed(parser, chunks, log);
    }

    private static void feed(SseParser parser, List<byte[]> chunks, SseLog log) {
        chunks.forEach(chunk -> parser.feed(ByteBuffer.wrap(chunk), log));
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\r", "\r");
    }

    private static byte[] bytes(Object... parts) {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        for (Object part : parts) {
            if (part instanceof Integer b) {
                bytes.put(b.byteValue());
            } else {
                bytes.put(part.toString().getBytes(UTF_8));
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static byte[] randomBody(Random random) {
        List<byte[]> words = List.of(
                bytes("data: "),
                bytes("data"),
                bytes("event: "),
                bytes("id: "),
                bytes("retry: "),
                bytes("error: "),
                bytes(":"),
                bytes(" "),
                bytes("\n"),
                bytes("\n\n"),
                bytes("\r"),
                bytes("\r\n"),
                bytes("7"),
                bytes("{\"a\":\"b\"}"),
                bytes("漢字"),
                bytes("😀"),
                bytes("é"),
                bytes("\0"),
                bytes("\t"),
                bytes("\uFEFF"),
                bytes(0xED, 0xA0, 0x80),
                bytes(0xF0, 0x9F),
                bytes(0xE6),
                bytes(0xC0, 0x80),
                bytes(0xF4, 0x90),
                bytes(0xE0, 0x9F),
                bytes(0x80),
                bytes(0xFF),
                bytes("plain text of some length"));
        ByteBuffer body = ByteBuffer.allocate(4096);
        for (int count = random.nextInt(60); count > 0; count--) {
            body.put(words.get(random.nextInt(words.size())));
        }
        return Arrays.copyOf(body.array(), body.position());
    }
}
