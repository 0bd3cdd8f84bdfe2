package dev.aistream.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Streams written by us in the documented form, from the test resources, whole and cut. */
public final class WireText {

    private WireText() {}

    public static byte[] bytes(String resource) {
        try (InputStream stream = WireText.class.getResourceAsStream("/" + resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("No resource " + resource);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    /** A stream of events without names. */
    public static String events(String... data) {
        return Stream.of(data).map(event -> "data: " + event + "\n\n").reduce("", String::concat);
    }

    /** Each way to cut bytes in two. */
    public static Stream<List<byte[]>> everySplit(byte[] body) {
        return IntStream.range(1, body.length)
                .mapToObj(at -> List.of(Arrays.copyOfRange(body, 0, at), Arrays.copyOfRange(body, at, body.length)));
    }
}
