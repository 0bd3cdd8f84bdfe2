package dev.aistream.chaos;

import dev.aistream.test.Script;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One fault at one byte of one body, and how the body is cut on its way there. All of it follows from the seed.
 *
 * @param seed makes the same run again
 * @param body what is broken
 * @param fault what goes wrong
 * @param at before which byte
 * @param sent the body as it is sent: with the fault's byte, and up to the fault's end
 * @param script how it is sent
 * @param cancelSignal counted down when the byte has been sent
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChaosRun(
        long seed, ChaosBody body, Fault fault, int at, byte[] sent, Script script, CountDownLatch cancelSignal) {

    private static final @Nullable String ONLY = System.getProperty("chaos.fault");
    private static final int MOST_PIECES = 300;
    private static final Duration PAUSE = Duration.ofMillis(3);

    static ChaosRun of(long seed, ChaosBody whole) {
        byte[] body = whole.bytes();
        SplittableRandom random = new SplittableRandom(seed);
        Fault drawn = Fault.values()[random.nextInt(Fault.values().length)];
        Fault fault = ONLY == null ? drawn : Fault.valueOf(ONLY);
        int at = random.nextInt(body.length + 1);
        byte[] sent = sent(fault, at, body, random);
        CountDownLatch signal = new CountDownLatch(1);
        int longest = Math.max(1 << random.nextInt(13), 2 * body.length / MOST_PIECES);
        Script script = pieces(
                Script.chunked(whole.contentType()), Arrays.copyOf(sent, Math.min(at, sent.length)), longest, random);
        script = end(script, fault, random);
        if (at < sent.length) {
            script = pieces(script, Arrays.copyOfRange(sent, at, sent.length), longest, random);
        }
        script = fault == Fault.CANCEL ? script.signal(signal) : script;
        return new ChaosRun(seed, whole, fault, at, sent, goesOn(fault) ? script.end() : script, signal);
    }

    /** Whether the body comes to its last HTTP chunk, so that the connection can serve another request. */
    boolean endsProperly() {
        return goesOn(fault);
    }

    private static boolean goesOn(Fault fault) {
        return switch (fault) {
            case NONE, CUT, GARBAGE, PAUSE -> true;
            case FIN, RST, MALFORMED_CHUNK, CANCEL -> false;
        };
    }

    private static byte[] sent(Fault fault, int at, byte[] body, SplittableRandom random) {
        return switch (fault) {
            case NONE, PAUSE -> body;
            case CUT, FIN, RST, MALFORMED_CHUNK, CANCEL -> Arrays.copyOf(body, at);
            case GARBAGE -> {
                byte[] broken = body.clone();
                if (at < broken.length) {
                    broken[at] = (byte) random.nextInt(256);
                }
                yield broken;
            }
        };
    }

    private static Script end(Script script, Fault fault, SplittableRandom random) {
        return switch (fault) {
            case NONE, CUT, GARBAGE, CANCEL -> script;
            case PAUSE -> script.pause(PAUSE);
            case FIN -> script.close();
            // With a pause the reader has everything, without one the kernel may drop what was not read.
            case RST -> (random.nextBoolean() ? script.pause(PAUSE) : script).reset();
            case MALFORMED_CHUNK -> script.malformedChunk();
        };
    }

    private static Script pieces(Script script, byte[] bytes, int longest, SplittableRandom random) {
        int[] sizes = new int[bytes.length];
        int count = 0;
        for (int left = bytes.length; left > 0; ) {
            int size = Math.min(left, 1 + random.nextInt(longest));
            sizes[count++] = size;
            left -= size;
        }
        return script.chunks(bytes, Arrays.copyOf(sizes, count));
    }

    @Override
    public String toString() {
        return "-Dchaos.seed=" + seed + " -Dchaos.fault=" + fault + " (" + body.name() + " at byte " + at + " of "
                + sent.length + ")";
    }
}
