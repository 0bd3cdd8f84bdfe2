package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a parser hands over, in order. */
final class SseLog implements SseHandler {

    record Event(String type, String data, String lastEventId) {}

    record UnknownLine(String line, boolean cut) {}

    record Retry(long millis) {}

    record Comment() {}

    final List<Object> all = new ArrayList<>();

    @Override
    public void onEvent(String type, byte[] data, int offset, int length, String lastEventId) {
        all.add(new Event(type, new String(data, offset, length, UTF_8), lastEventId));
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
        all.add(new UnknownLine(new String(line, offset, length, UTF_8), cut));
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
