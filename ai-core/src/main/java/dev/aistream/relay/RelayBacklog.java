package dev.aistream.relay;

import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a reader, oldest first. Adjacent fragments of one kind wait as one.
 *
 * <p>Ids are given on the way out, so that joined fragments leave no gap. Not thread-safe.
 */
final class RelayBacklog {

    private static final int USUAL_CHARS = 64;

    /** Nearly always the only one, so that a token touches nothing else of a stream that is no longer in the cache. */
    private @Nullable Pending oldest;

    private @Nullable ArrayDeque<Pending> younger;
    private long lastId;
    private int bytes;

    boolean isEmpty() {
        return oldest == null;
    }

    /** UTF-8 bytes of the text that waits. */
    int bytes() {
        return bytes;
    }

    /** The first block: id 0, before any event. */
    void addOpening(RelayEvent.Opening opening) {
        add(new Ready(opening));
    }

    void addComment(String text) {
        add(new Ready(new RelayEvent.Comment(text)));
    }

    void addText(String event, String text) {
        bytes += utf8Length(text);
        if (youngest() instanceof Text last && last.event.equals(event)) {
            last.append(text);
        } else {
            add(new Text(event, text));
        }
    }

    void addMessage(String event, String json) {
        bytes += utf8Length(json);
        add(new Json(event, json));
    }

    void clear() {
        oldest = null;
        younger = null;
        bytes = 0;
    }

    private void add(Pending next) {
        if (oldest == null) {
            oldest = next;
            return;
        }
        if (younger == null) {
            younger = new ArrayDeque<>(4);
        }
        younger.add(next);
    }

    private @Nullable Pending youngest() {
        Pending last = younger == null ? null : younger.peekLast();
        return last == null ? oldest : last;
    }

    private @Nullable Pending poll() {
        Pending first = oldest;
        if (first != null) {
            oldest = younger == null ? null : younger.poll();
        }
        return first;
    }

    /** The oldest, as an event. There must be one. */
    RelayEvent nextEvent() {
        Pending next = Objects.requireNonNull(poll());
        if (isEmpty()) {
            bytes = 0;
        } else {
            bytes -= next.bytes();
        }
        if (next instanceof Text text) {
            StringBuilder json = new StringBuilder(USUAL_CHARS);
            RelayJson.text(json, text.joined());
            return new RelayEvent.Message(Long.toString(++lastId), text.event, json.toString());
        }
        if (next instanceof Json json) {
            return new RelayEvent.Message(Long.toString(++lastId), json.event, json.json);
        }
        return ((Ready) next).event;
    }

    /** All of them, as the text of the event stream. */
    String nextBlocks() {
        StringBuilder blocks = new StringBuilder(USUAL_CHARS);
        for (Pending next = poll(); next != null; next = poll()) {
            next.write(this, blocks);
        }
        bytes = 0;
        return blocks.toString();
    }

    private StringBuilder message(String event, StringBuilder blocks) {
        return blocks.append("id:")
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

        void write(RelayBacklog backlog, StringBuilder blocks);

        default int bytes() {
            return 0;
        }
    }

    private record Ready(RelayEvent event) implements Pending {

        @Override
        public void write(RelayBacklog backlog, StringBuilder blocks) {
            if (event instanceof RelayEvent.Opening opening) {
                blocks.append("id:")
                        .append(opening.id())
                        .append("\nretry:")
                        .append(opening.retry().toMillis())
                        .append("\n\n");
            } else if (event instanceof RelayEvent.Comment comment) {
                blocks.append(':').append(comment.text()).append("\n\n");
            }
        }
    }

    private record Json(String event, String json) implements Pending {

        @Override
        public void write(RelayBacklog backlog, StringBuilder blocks) {
            backlog.message(event, blocks).append(json).append("\n\n");
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
        public void write(RelayBacklog backlog, StringBuilder blocks) {
            RelayJson.text(backlog.message(event, blocks), joined());
            blocks.append("\n\n");
        }

        @Override
        public int bytes() {
            return utf8Length(joined());
        }
    }
}
