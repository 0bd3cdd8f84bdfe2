package dev.aistream.test;

import java.time.Duration;

/**
 * How and when the client left a connection.
 *
 * @param kind which packet said so
 * @param nanoTime {@link System#nanoTime()} at which the server saw it
 */
public record ClientClose(Kind kind, long nanoTime) {

    /** The packet. A client that closes while it has unread bytes sends RST. */
    public enum Kind {
        FIN,
        RST
    }

    /** Time from {@code nanoTime}, a reading of {@link System#nanoTime()}, to the close. */
    public Duration since(long nanoTime) {
        return Duration.ofNanos(this.nanoTime - nanoTime);
    }
}
