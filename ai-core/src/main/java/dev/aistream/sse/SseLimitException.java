package dev.aistream.sse;

/** A stream holds a line or an event longer than allowed. */
public final class SseLimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int limit;
    private final String property;

    private SseLimitException(String what, int limit, String property) {
        super(what + " is longer than " + limit + " bytes (" + property + ")");
        this.limit = limit;
        this.property = property;
    }

    static SseLimitException line(int limit) {
        return new SseLimitException("A line of the event stream", limit, "max-line-length");
    }

    static SseLimitException event(int limit) {
        return new SseLimitException("An event of the event stream", limit, "max-event-length");
    }

    /** The limit, in bytes. */
    public int limit() {
        return limit;
    }

    /** Which limit: {@code max-line-length} or {@code max-event-length}. */
    public String property() {
        return property;
    }
}
