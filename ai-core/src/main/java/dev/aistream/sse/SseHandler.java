package dev.aistream.sse;

/**
 * Takes what an {@link SseParser} finds, in order, on the thread that feeds it.
 *
 * <p>An exception thrown here comes out of {@link SseParser#feed}; the parser is then spent.
 */
public interface SseHandler {

    /**
     * A dispatched event.
     * @param type {@code message} where the stream names none
     * @param data holds well-formed UTF-8 between {@code offset} and {@code offset + length}, the lines joined by LF,
     *     invalid input replaced by U+FFFD; valid only during this call and not to be written to
     * @param offset where in {@code data}
     * @param length in bytes, possibly 0
     * @param lastEventId persists from event to event; empty if there was none
     */
    void onEvent(String type, byte[] data, int offset, int length, String lastEventId);

    /** A comment line ended. */
    default void onComment() {}

    /**
     * A {@code retry} line ended.
     * @param millis the new reconnection time; {@code Long.MAX_VALUE} if it fits no long
     */
    default void onRetry(long millis) {}

    /**
     * A line ended that is no field of the specification, but looks like what some providers send instead of an event:
     * one that starts with JSON punctuation or white space, or an {@code error} field. Others are not reported.
     * @param line holds the line without its end, as well-formed UTF-8 like an event's data; valid only during this
     *     call and not to be written to
     * @param offset where in {@code line}
     * @param length in bytes
     * @param cut whether the line was longer than is kept of such a line
     */
    default void onUnknownLine(byte[] line, int offset, int length, boolean cut) {}
}
