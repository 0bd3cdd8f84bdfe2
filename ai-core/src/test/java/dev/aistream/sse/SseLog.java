package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down what a parser hands over, in order, and sees to it that it is well-formed. */
final class SseLog implements SseHandler {

    record Event(String type, String data, String lastEventId) {}

    record UnknownLine(String line, boolean cut) {}

    record Retry(long millis) {}

    record Comment() {}

    final List<Object> all = new ArrayList<>();

    @Override
    public void onEvent(String type, byte[] data, int offset, int length, String lastEventId) {
        all.add(new Event(type, text(data, offset, length), lastEventId));
    }

    @Override
    public void onComment() {
        all.add(new Comment());
    }

    @Override
    public void onRetry(long millis) {
        all.add(new Retry(millis));
    }

    @Override
    public void onUnknownLine(byte[] line, int offset, int length, boolean cut) {
        all.add(new UnknownLine(text(line, offset, length), cut));
    }

    private static String text(byte[] bytes, int offset, int length) {
        try {
            // Unlike new String, fails on malformed input.
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new AssertionError(
                    "Not well-formed: " + Arrays.toString(Arrays.copyOfRange(bytes, offset, offset + length)));
        }
    }

    List<Event> events() {
        return every(Event.class);
    }

    List<String> data() {
        return events().stream().map(Event::data).toList();
    }

    <T> List<T> every(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
