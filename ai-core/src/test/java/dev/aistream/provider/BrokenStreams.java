package dev.aistream.provider;

import dev.aistream.json.JsonSyntaxException;
import dev.aistream.sse.SseLimitException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Streams broken at random: events left out, repeated and shuffled, members renamed, values replaced, bytes flipped. A
 * decoder may fail, but only as decoders fail, and what it emits keeps the rules.
 */
public final class BrokenStreams {

    private static final String[] VALUES = {"null", "{}", "[]", "\"\"", "0", "-1", "true", "\"x\"", "1e400", "[null]"};

    private BrokenStreams() {}

    /** Runs a decoder over broken versions of a stream; {@code -Dbroken.runs} and {@code -Dbroken.seed} ask for others. */
    public static void decode(Supplier<StreamDecoder> decoders, String stream) {
        long seed = Long.getLong("broken.seed", 1);
        Random random = new Random(seed);
        for (int run = 0; run < Integer.getInteger("broken.runs", 300); run++) {
            byte[] broken = broken(stream, random);
            try {
                DecodedAnswer.of(decoders.get(), broken, 1 + random.nextInt(400));
            } catch (JsonSyntaxException | SseLimitException expected) {
                // How a decoder says that the data are broken.
            } catch (RuntimeException | AssertionError unexpected) {
                throw new AssertionError(
                        "seed " + seed + ", run " + run + ":\n" + new String(broken, StandardCharsets.UTF_8),
                        unexpected);
            }
        }
    }

    private static byte[] broken(String stream, Random random) {
        List<String> events = new ArrayList<>(List.of(stream.split("(?<=\n\n)")));
        switch (random.nextInt(5)) {
            case 0 -> events.remove(random.nextInt(events.size()));
            case 1 -> events.add(random.nextInt(events.size()), events.get(random.nextInt(events.size())));
            case 2 -> Collections.shuffle(events, random);
            case 3 -> events.replaceAll(event -> random.nextInt(4) == 0 ? withoutValue(event, random) : event);
            default -> {}
        }
        byte[] bytes = String.join("", events).getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** Replaces the value, or the name, of one member. */
    private static String withoutValue(String event, Random random) {
        List<Integer> members = new ArrayList<>();
        for (int at = event.indexOf("\":"); at >= 0; at = event.indexOf("\":", at + 1)) {
            members.add(at);
        }
        if (members.isEmpty()) {
            return event;
        }
        int at = members.get(random.nextInt(members.size()));
        if (random.nextInt(4) == 0) {
            return event.substring(0, at) + "_" + event.substring(at);
        }
        int from = at + 2;
        int to = from;
        while (to < event.length() && ",}]".indexOf(event.charAt(to)) < 0) {
            to++;
        }
        boolean structure = event.charAt(from) == '{' || event.charAt(from) == '[';
        return structure
                ? event
                : event.substring(0, from) + VALUES[random.nextInt(VALUES.length)] + event.substring(to);
    }
}
