package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ToolCall;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the fast path equal to the full reader, on streams as they are and on streams damaged at random. */
class RepeatedChunkTests {

    private static final long SEED = Long.getLong("fuzz.seed", 20261122);
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 4000);

    /** Bytes that mean something in JSON or in an event stream, so that damage is not only noise. */
    private static final byte[] TELLING = "\"\\{}[],:nu0 \n\rx".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({
        "'\"content\":\"%s\"', ''",
        "'\"reasoning_content\":\"%s\",\"content\":null', ''",
        "'\"content\":\"\",\"reasoning\":\"%s\"', ''",
        "'\"content\":\"%s\"', ',\"obfuscation\":\"Xy7\"'",
        "'\"role\":\"assistant\",\"content\":\"%s\"', ',\"p\":\"abcdef\"'",
        "'\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]', ''",
        "'\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"%s\"}]}]', ',\"p\":\"ab\"'",
        "'\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]', ',\"obfuscation\":\"Xy7\"'",
        "'\"tool_calls\":[{\"id\":\"c\",\"function\":{\"arguments\":\"%s\",\"name\":\"f\"},\"index\":0}]', ''",
        "'\"function_call\":{\"arguments\":\"%s\"}', ''",
    })
    void chunksOfTheSameShapeAreNotReadInFull(String delta, String after) {
        RepeatedChunk repeated = new RepeatedChunk();
        Decoded decoded = decode(stream(delta, after), repeated);

        String arguments = String.join(
                "", decoded.toolCalls().stream().map(ToolCall::arguments).toList());
        assertThat(decoded.text() + decoded.reasoning() + arguments).isEqualTo("one two é你好 \" \\ \n😀 three");
        assertThat(repeated.hits()).isGreaterThanOrEqualTo(4);
        assertThat(decoded.outcome())
                .isEqualTo(decode(stream(delta, after), full()).outcome());
    }

    @Test
    void paddingBeforeTheTextIsSeenThrough() {
        RepeatedChunk repeated = new RepeatedChunk();
        String chunk = "data: {\"obfuscation\":\"%s\",\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}\n\n";
        byte[] body = (chunk.formatted("a", "A") + chunk.formatted("bb", "B") + chunk.formatted("", "C")
                        + chunk.formatted("dddd", "D") + "data: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(decode(body, repeated).text()).isEqualTo("ABCD");
        assertThat(repeated.hits()).isEqualTo(2);
    }

    @Test
    void aChunkInBetweenThatChangesAFieldIsNotForgotten() {
        String chunk = "data: {\"choices\":[{\"delta\":{%s}}],\"system_fingerprint\":\"%s\"}\n\n";
        byte[] body = (chunk.formatted("\"content\":\"a\"", "fp_1")
                        + chunk.formatted("\"content\":\"b\"", "fp_1")
                        + chunk.formatted("", "fp_2")
                        + chunk.formatted("\"content\":\"c\"", "fp_1")
                        + "data: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8);

        Decoded decoded = decode(body, new RepeatedChunk());

        assertThat(decoded.text()).isEqualTo("abc");
        assertThat(decoded.end().metadata().get("system_fingerprint")).isEqualTo("fp_1");
    }

    @Test
    void listsThatGrowAreReadInFull() {
        String chunk =
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"logprobs\":{\"content\":[{\"token\":\"a\"}]}}]}\n\n";
        RepeatedChunk repeated = new RepeatedChunk();

        Decoded decoded = decode((chunk.repeat(5) + "data: [DONE]\n\n").getBytes(StandardCharsets.UTF_8), repeated);

        assertThat(repeated.hits()).isZero();
        assertThat(decoded.end().metadata().get("logprobs").toString())
                .isEqualTo("{content=[{token=a}, {token=a}, {token=a}, {token=a}, {token=a}]}");
    }

    @Test
    void equalsTheFullReaderOnDamagedStreams() throws IOException, URISyntaxException {
        List<byte[]> streams = streams();
        long hits = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            byte[] body = damage(streams.get(random.nextInt(streams.size())), random);
            int piece = 1 + random.nextInt(1 + random.nextInt(2 * body.length + 1));
            RepeatedChunk repeated = new RepeatedChunk();

            String fast = Decoded.cut(decoder(repeated), body, piece).outcome();

            assertThat(fast)
                    .as("seed %d, round %d, pieces of %d", SEED, round, piece)
                    .isEqualTo(
                            Decoded.cut(decoder(full()), body, body.length + 1).outcome());
            hits += repeated.hits();
        }
        assertThat(hits).isGreaterThan(ROUNDS);
    }

    /** Our own streams, each repeated so that there is something to learn from, and recorded ones where there are any. */
    private static List<byte[]> streams() throws IOException, URISyntaxException {
        List<byte[]> streams = new ArrayList<>();
        OpenAiStreamSplitTests.streams().forEach(name -> streams.add(Decoded.resource(name)));
        for (int i = 0; i < 30; i++) {
            streams.add(stream("\"content\":\"%s\"", i % 2 == 0 ? "" : ",\"obfuscation\":\"Xy7\""));
            streams.add(stream("\"reasoning\":\"%s\"", ""));
            streams.add(stream("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]", ""));
            streams.add(
                    stream("\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"text\":\"%s\"}]}]", ",\"p\":\"a\""));
        }
        Path folder = OpenAiRecordedStreamTests.folder();
        if (folder != null) {
            try (Stream<OpenAiRecordedStreamTests.Recording> recordings = OpenAiRecordedStreamTests.recordings()) {
                recordings
                        .map(OpenAiRecordedStreamTests.Recording::body)
                        .filter(body -> body.length < 12_000)
                        .forEach(streams::add);
            }
        }
        return streams;
    }

    private static byte[] damage(byte[] body, Random random) {
        byte[] damaged = body.clone();
        for (int i = random.nextInt(4); i > 0 && damaged.length > 2; i--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = TELLING[random.nextInt(TELLING.length)];
                case 1 -> damaged[at] = (byte) random.nextInt(256);
                case 2 -> damaged = splice(damaged, at, Math.min(damaged.length, at + 1 + random.nextInt(40)), at);
                default -> damaged = splice(damaged, at, at, Math.max(0, at - 1 - random.nextInt(60)));
            }
        }
        return damaged;
    }

    /** Takes {@code from..to} out and puts a copy of {@code copied..from} in its place. */
    private static byte[] splice(byte[] body, int from, int to, int copied) {
        byte[] result = new byte[body.length - (to - from) + (from - copied)];
        System.arraycopy(body, 0, result, 0, from);
        System.arraycopy(body, copied, result, from, from - copied);
        System.arraycopy(body, to, result, from + from - copied, body.length - to);
        return result;
    }

    private static byte[] stream(String delta, String after) {
        String chunk = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":null}],\"usage\":null%s}\n\n";
        StringBuilder body = new StringBuilder();
        if (delta.contains("index")) {
            String start =
                    "\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]";
            body.append(chunk.formatted(start, after));
        } else if (delta.contains("function_call")) {
            body.append(chunk.formatted("\"function_call\":{\"name\":\"f\"}", after));
        }
        for (String text : List.of("one", " two", " é你好", " \\\" \\\\ \\n", "\\ud83d\\ude00", " three")) {
            body.append(chunk.formatted(delta.formatted(text), after));
        }
        return body.append("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Decoded decode(byte[] body, RepeatedChunk repeated) {
        return Decoded.cut(decoder(repeated), body, body.length);
    }

    static OpenAiStreamDecoder decoder(RepeatedChunk repeated) {
        return new OpenAiStreamDecoder("openai", List.of(), Decoded.HEAD, 1 << 20, false, repeated);
    }

    /** Never matches, so that every chunk is read in full. */
    static RepeatedChunk full() {
        return new RepeatedChunk() {
            @Override
            @Nullable
            String match(byte[] data, int offset, int chunkLength) {
                return null;
            }
        };
    }
}
