package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes and however they are cut, {@link SseParser} finds what a literal reading of the standards finds. */
class SseParserFuzzTests {

    private static final int NO_LIMIT = 1 << 20;
    private static final int SMALL_LIMIT = 24;

    /** The first byte chooses the cuts, the rest is the body. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void findsTheSameHoweverCut(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        List<byte[]> cut = Cuts.random(body, new Random(input[0]));

        assertThat(parse(List.of(body), NO_LIMIT)).isEqualTo(ReferenceSseParser.parse(body).all);
        assertThat(parse(cut, NO_LIMIT)).isEqualTo(ReferenceSseParser.parse(body).all);
        assertThat(parse(Cuts.every(body, 1), NO_LIMIT)).isEqualTo(ReferenceSseParser.parse(body).all);
        assertThat(parse(cut, SMALL_LIMIT)).isEqualTo(parse(List.of(body), SMALL_LIMIT));
        assertThat(withUnfinished(cut)).isEqualTo(withMissingLineEnds(body));
    }

    /** What the parser hands over, and the limit that it fails by, if it does. */
    private static List<Object> parse(List<byte[]> chunks, int limit) {
        SseParser parser = new SseParser(limit, limit);
        SseLog log = new SseLog();
        boolean direct = false;
        try {
            for (byte[] chunk : chunks) {
                parser.feed(direct ? Cuts.direct(chunk) : ByteBuffer.wrap(chunk), log);
                direct = !direct;
            }
        } catch (SseLimitException exceeded) {
            log.all.add(exceeded.property());
        }
        return log.all;
    }

    private static List<Object> withUnfinished(List<byte[]> chunks) {
        SseParser parser = new SseParser(NO_LIMIT);
        SseLog log = new SseLog();
        chunks.forEach(chunk -> parser.feed(ByteBuffer.wrap(chunk), log));
        parser.unfinished(log);
        return withoutCommentsAndRetries(log);
    }

    private static List<Object> withMissingLineEnds(byte[] body) {
        byte[] whole = Arrays.copyOf(body, body.length + 3);
        Arrays.fill(whole, body.length, whole.length, (byte) '\n');
        return withoutCommentsAndRetries(ReferenceSseParser.parse(whole));
    }

    private static List<Object> withoutCommentsAndRetries(SseLog log) {
        return log.all.stream()
                .filter(entry -> !(entry instanceof SseLog.Comment) && !(entry instanceof SseLog.Retry))
                .toList();
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "\1data: first\ndata: second\n\nevent: x\nid: 1\r\ndata: {\"a\":\"b\"}\r\n\r\n",
                        "\2\uFEFFretry: 3000\n: comment\n\ndata:漢字 é 😀\rdata\r\r",
                        "\3error: {\"code\":500}\n{\"error\":{}}\n  indented\nunknown: x\ndata: [DONE]",
                        "\4id: \0\nid\ndata: long enough to be over the small limit\n\n",
                        "\5data: a\ndata: b\ndata: c\ndata: d\ndata: e\ndata: f\ndata: g\ndata: h\n\n")
                .map(body -> body.getBytes(UTF_8));
    }
}
