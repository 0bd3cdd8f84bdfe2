package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.sse.Cuts;
import dev.aistream.sse.SseLimitException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What a fuzz test asks of a decoder, whatever the bytes: it ends once, fails only as decoders fail, keeps the rules of
 * events, emits the same however the bytes are cut, and no more than they could say.
 */
public final class DecoderFuzz {

    private static final int NO_LIMIT = 1 << 20;
    private static final int SMALL_LIMIT = 150;

    private DecoderFuzz() {}

    /**
     * Decodes a body as a whole, cut, and byte by byte, with a limit that it exceeds and without.
     * @param input the first byte chooses the cuts, the rest is the body
     * @param decoders from the longest line to a new decoder
     */
    public static void check(byte[] input, IntFunction<StreamDecoder> decoders) {
        if (input.length == 0) {
            return;
        }
        byte[] body = body(input);
        for (int limit : new int[] {NO_LIMIT, SMALL_LIMIT}) {
            Outcome whole = Outcome.of(decoders.apply(limit), List.of(body));
            assertThat(Outcome.of(decoders.apply(limit), Cuts.random(body, new Random(input[0]))))
                    .isEqualTo(whole);
            assertThat(Outcome.of(decoders.apply(limit), Cuts.every(body, 1))).isEqualTo(whole);
        }
    }

    /** Holds two decoders equal; the input is as above. */
    public static void checkEqual(byte[] input, StreamDecoder one, StreamDecoder other) {
        if (input.length > 0) {
            assertThat(Outcome.of(one, List.of(body(input)))).isEqualTo(Outcome.of(other, List.of(body(input))));
        }
    }

    /** Streams from the test resources to start from. */
    public static Stream<byte[]> seeds(String folder, String... names) {
        return Stream.of(names).map(name -> seed(WireText.text(folder + "/" + name)));
    }

    /** A body to start from. */
    public static byte[] seed(String body) {
        return ("\1" + body).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] body(byte[] input) {
        return Arrays.copyOfRange(input, 1, input.length);
    }

    /** Events, and how they ended. */
    private record Outcome(List<ChatEvent> events, String ending) {

        static Outcome of(StreamDecoder decoder, List<byte[]> pieces) {
            DecodedAnswer answer = new DecodedAnswer();
            String ending = decode(decoder, pieces, answer);
            int bytes = pieces.stream().mapToInt(piece -> piece.length).sum();
            assertThat(answer.length()).isLessThanOrEqualTo(bytes);
            return new Outcome(answer.events(), ending);
        }

        /** As a subscription decodes: what follows the completion, an exception too, is nobody's business. */
        private static String decode(StreamDecoder decoder, List<byte[]> pieces, DecodedAnswer answer) {
            try {
                for (byte[] piece : pieces) {
                    decoder.decode(ByteBuffer.wrap(piece), answer);
                    if (answer.completed()) {
                        return "complete";
                    }
                }
                decoder.end(answer);
                assertThat(answer.completed()).as("an ending").isTrue();
            } catch (ChatException | JsonSyntaxException | SseLimitException failure) {
                if (!answer.completed()) {
                    return failure.toString();
                }
            }
            return "complete";
        }
    }
}
