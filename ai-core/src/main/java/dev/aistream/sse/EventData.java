package dev.aistream.sse;

/**
 * The data of the event in progress. A single line is borrowed from wherever it was found, so that an event whole in
 * one chunk is never copied; a second line, or the end of the chunk, makes the data our own.
 */
final class EventData {

    private final int limit;
    private final GrowingBytes own;
    private boolean present;
    private boolean borrowed;
    private byte[] bytes = {};
    private int offset;
    private int length;

    EventData(int limit) {
        this.limit = limit;
        this.own = new GrowingBytes(limit);
    }

    /** Whether the event has a line of data, perhaps an empty one. */
    boolean present() {
        return present;
    }

    /**
     * Adds one line.
     * @throws SseLimitException if the event gets too long
     */
    void addLine(byte[] source, int from, int to) {
        if (!present) {
            if (to - from > limit) {
                throw SseLimitException.event(limit);
            }
            present = true;
            borrowed = true;
            // To store a reference into what may be old costs G1 more than to compare it.
            if (bytes != source) {
                bytes = source;
            }
            offset = from;
            length = to - from;
            return;
        }
        if (to - from >= limit - length) {
            throw SseLimitException.event(limit);
        }
        keep();
        own.append((byte) '\n');
        own.append(source, from, to);
        length = own.length();
    }

    /** Copies what is borrowed, before its owner writes over it. */
    void keep() {
        if (borrowed) {
            borrowed = false;
            own.clear();
            own.append(bytes, offset, offset + length);
        }
    }

    void handTo(SseHandler handler, String type, String lastEventId) {
        if (borrowed) {
            handler.onEvent(type, bytes, offset, length, lastEventId);
        } else {
            handler.onEvent(type, own.bytes(), 0, length, lastEventId);
        }
    }

    void clear() {
        if (!borrowed) {
            own.clear();
        }
        present = false;
        borrowed = false;
    }
}
