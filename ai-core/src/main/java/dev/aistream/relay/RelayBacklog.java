package dev.aistream.relay;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a reader, oldest first. Adjacent fragments of one kind wait as one.
 *
 * <p>Ids are given on the way out, so that joined fragments leave no gap. Not thread-safe.
 */
final class RelayBacklog {

    private static final int LARGE_BUFFER_CHARS = 16 * 1024;

    private final ArrayDeque<Pending> pending = new ArrayDeque<>(4);
    private StringBuilder buffer = new StringBuilder(128);
    private long lastId;
    private int bytes;

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** UTF-8 bytes of the text that waits. */
    int bytes() {
        return bytes;
    }

    /** The first block: id 0, before any event. */
    void addOpening(RelayEvent.Opening opening) {
        pending.add(new Ready(opening));
    }

    void addComment(String text) {
        pending.add(new Ready(new RelayEvent.Comment(text)));
    }

    void addText(String event, String text) {
        bytes += utf8Length(text);
        if (pending.peekLast() instanceof Text last && last.event.equals(event)) {
            last.append(text);
        } else {
            pending.add(new Text(event, text));
        }
    }

    void addMessage(String event, String json) {
        bytes += utf8Length(json);
        pending.add(new Json(event, json));
    }

    void clear() {
        pending.clear();
        bytes = 0;
    }

    /** The oldest, as an event. There must be one. */
    RelayEvent nextEvent() {
        Pending next = pending.remove();
        if (pending.isEmpty()) {
            bytes = 0;
        } else {
            bytes -= next.bytes();
        }
        if (next instanceof Text text) {
            buffer.setLength(0);
            RelayJson.text(buffer, text.joined());
            return new RelayEvent.Message(Long.toString(++lastId), text.event, takeBuffer());
        }
        if (next instanceof Json json) {
            return new RelayEvent.Message(Long.toString(++lastId), json.event, json.json);
        }
        return ((Ready) next).event;
    }

    /** All of them, as the text of the event stream. */
    String nextBlocks() {
        buffer.setLength(0);
        for (Pending next = pending.poll(); next != null; next = pending.poll()) {
            next.write(this);
        }
        bytes = 0;
        return takeBuffer();
    }

    private String takeBuffer() {
        String text = buffer.toString();
        if (buffer.capacity() > LARGE_BUFFER_CHARS) {
            buffer = new StringBuilder(128);
        }
        return text;
    }

    private StringBuilder message(String event) {
        return buffer.append("id:")
                .append(++lastId)
                .append("\nevent:")
                .append(event)
                .append("\ndata:");
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate is half of four bytes.
                length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return length;
    }

    private interface Pending {

        void write(RelayBacklog backlog);

        default int bytes() {
            return 0;
        }
    }

    private record Ready(RelayEvent event) implements Pending {

        @Override
        public void write(RelayBacklog backlog) {
            if (event instanceof RelayEvent.Opening opening) {
                backlog.buffer
                        .append("id:")
                        .append(opening.id())
                        .append("\nretry:")
                        .append(opening.retry().toMillis())
                        .append("\n\n");
            } else if (event instanceof RelayEvent.Comment comment) {
                backlog.buffer.append(':').append(comment.text()).append("\n\n");
            }
        }
    }

    private record Json(String event, String json) implements Pending {

        @Override
        public void write(RelayBacklog backlog) {
            backlog.message(event).append(json).append("\n\n");
        }

        @Override
        public int bytes() {
            return utf8Length(json);
        }
    }

    private static final class Text implements Pending {

        private final String event;
        private final String first;
        private @Nullable StringBuilder joined;

        Text(String event, String text) {
            this.event = event;
            this.first = text;
        }

        void append(String text) {
            if (joined == null) {
                joined = new StringBuilder(first.length() + text.length() + 64).append(first);
            }
            joined.append(text);
        }

        String joined() {
            return joined == null ? first : joined.toString();
        }

        @Override
        public void write(RelayBacklog backlog) {
            RelayJson.text(backlog.message(event), joined());
            backlog.buffer.append("\n\n");
        }

        @Override
        public int bytes() {
            return utf8Length(joined());
        }
    }
}
