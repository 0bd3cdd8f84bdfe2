package dev.aistream.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * The slow, obvious way to read an event stream: the whole body as one string, line by line. It shares nothing with
 * the parser that it is held against.
 */
public final class ReferenceSse {

    /**
     * An event, or a line that is none.
     *
     * @param type {@code message} where the stream names none
     * @param data data lines joined by LF; for a line that is no field, the line itself
     * @param field whether it is an event, not such a line
     * @param whole whether its blank line was there
     */
    public record Item(String type, String data, boolean field, boolean whole) {}

    private final List<Item> items = new ArrayList<>();
    private String type = "";
    private StringBuilder data = new StringBuilder();
    private boolean hasData;
    private boolean known;

    private ReferenceSse() {}

    /**
     * What a body holds.
     * @param atEnd whether the body has ended: then what lacks its blank line is told of, too
     */
    public static List<Item> read(byte[] body, boolean atEnd) {
        String text = new String(body, UTF_8);
        ReferenceSse reader = new ReferenceSse();
        reader.readLines(text.startsWith("\uFEFF") ? text.substring(1) : text, atEnd);
        return reader.items;
    }

    /** Whether any line of a body that has ended is a comment or a field of the standard. */
    public static boolean isEventStream(byte[] body) {
        String text = new String(body, UTF_8);
        ReferenceSse reader = new ReferenceSse();
        reader.readLines(text.startsWith("\uFEFF") ? text.substring(1) : text, true);
        return reader.known;
    }

    /**
     * What a body of JSON lines holds, each line an event.
     * @param atEnd whether the body has ended: then a line that lacks its end is told of, too
     */
    public static List<Item> lines(byte[] body, boolean atEnd) {
        List<Item> items = new ArrayList<>();
        String text = new String(body, UTF_8);
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            addLine(text.substring(start, end), true, items);
            start = end + 1;
        }
        if (atEnd) {
            addLine(text.substring(start), false, items);
        }
        return items;
    }

    /** Whether a body is a JSON array, not an event stream. */
    public static boolean isArray(byte[] body) {
        return new String(body, UTF_8).replace("\uFEFF", "").stripLeading().startsWith("[");
    }

    /** The elements of a JSON array, each an event: what stands between brackets that match, and what is no element. */
    public static List<Item> elements(byte[] body) {
        List<Item> items = new ArrayList<>();
        String text = new String(body, UTF_8);
        int depth = 0;
        int start = 0;
        boolean string = false;
        for (int position = text.indexOf('[') + 1; position < text.length(); position++) {
            char c = text.charAt(position);
            if (string) {
                position += c == '\\' ? 1 : 0;
                string = c != '"';
            } else if (depth == 0 && c == ']') {
                break;
            } else if (c == '{' || c == '[') {
                start = depth++ == 0 ? position : start;
            } else if (depth > 0 && (c == '}' || c == ']')) {
                if (--depth == 0) {
                    addLine(text.substring(start, position + 1), true, items);
                }
            } else if (depth > 0) {
                string = c == '"';
            } else if (c > ' ' && c != ',') {
                addLine("no element: " + c, true, items);
            }
        }
        return items;
    }

    private static void addLine(String line, boolean whole, List<Item> items) {
        if (!line.isBlank()) {
            items.add(new Item("message", line, true, whole));
        }
    }

    private void readLines(String text, boolean atEnd) {
        int start = 0;
        for (int position = 0; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == '\n' || c == '\r') {
                line(text.substring(start, position));
                boolean crlf = c == '\r' && position + 1 < text.length() && text.charAt(position + 1) == '\n';
                position += crlf ? 1 : 0;
                start = position + 1;
            }
        }
        if (atEnd) {
            if (start < text.length()) {
                line(text.substring(start));
            }
            dispatch(false);
        }
    }

    private void line(String line) {
        if (line.isEmpty()) {
            dispatch(true);
            return;
        }
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        known |= List.of("data", "event", "id", "retry", "").contains(name);
        switch (name) {
            case "data" -> {
                data.append(hasData ? "\n" : "").append(value);
                hasData = true;
            }
            case "event" -> type = value;
            case "", "id", "retry" -> {}
            default -> items.add(new Item("", line, false, true));
        }
    }

    private void dispatch(boolean whole) {
        if (hasData) {
            items.add(new Item(type.isEmpty() ? "message" : type, data.toString(), true, whole));
        }
        type = "";
        data = new StringBuilder();
        hasData = false;
    }
}
