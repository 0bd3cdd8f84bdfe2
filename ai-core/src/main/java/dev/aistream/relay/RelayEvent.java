package dev.aistream.relay;

import java.time.Duration;

/** One block of the event stream that a browser reads. */
public sealed interface RelayEvent {

    /**
     * The first block where the head goes out at once; dispatches no event.
     *
     * @param id the id that a reconnecting {@code EventSource} sends back as {@code Last-Event-ID}
     * @param retry how long an {@code EventSource} waits before it reconnects
     */
    record Opening(String id, Duration retry) implements RelayEvent {}

    /**
     * An event.
     *
     * @param id a number, one higher with each event of a stream
     * @param event {@code chunk}, {@code reasoning}, {@code refusal}, {@code tool-call}, {@code complete} or
     *     {@code failure}; the last two are the last
     * @param json one line
     */
    record Message(String id, String event, String json) implements RelayEvent {
        @Override
        public String toString() {
            return "Message[" + id + ", " + event + ", " + json.length() + " chars]";
        }
    }

    /**
     * A line that browsers skip; keeps proxies from closing a silent connection.
     *
     * @param text one line
     */
    record Comment(String text) implements RelayEvent {}
}
