package dev.aistream.relay;

import dev.aistream.ChatStream;
import dev.aistream.chat.ChatEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Turns answers into the event stream that a browser reads: {@code chunk} and {@code reasoning} with a
 * {@code text}, {@code refusal}, {@code tool-call}, and at last either {@code complete} or {@code failure}.
 *
 * <p>Every stream
 * <ul>
 *   <li>completes after {@code complete} or {@code failure};
 *   <li>errors with the call's own failure where the head {@linkplain RelayHead#AWAITS_FIRST_EVENT waits} and nothing
 *       was emitted; with {@link ReaderStalledException} where the reader has asked for nothing for longer than the
 *       write timeout;
 *   <li>on cancel closes the provider's connection.
 * </ul>
 *
 * <p>A reader that is slower than the answer finds adjacent fragments joined. When 48 KB wait, nothing more is asked
 * of the provider; with one more line of the default limit that is at most 64 KB. Events are emitted on the thread on
 * which they come, heartbeats on a timer's, never two at a time.
 *
 * <p>Thread-safe: one instance serves every answer.
 */
public final class StreamRelay {

    private final RelaySettings settings;
    private final Set<RelaySubscription<?>> open = ConcurrentHashMap.newKeySet();

    private StreamRelay(RelaySettings settings) {
        this.settings = settings;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How long an {@code EventSource} waits before it reconnects, and a refused client before it tries again. */
    public Duration retry() {
        return settings.retry();
    }

    /** A relayed answer ends after this, and closes a stalled browser {@link #writeTimeout} later. */
    public Duration maxDuration() {
        return settings.maxDuration();
    }

    public Duration writeTimeout() {
        return settings.writeTimeout();
    }

    /** Event by event. */
    public Flux<RelayEvent> events(ChatStream answer, RelayHead head) {
        return events(answer.events(), head);
    }

    /**
     * Event by event.
     * @param answer such as {@link ChatStream#events()}, changed or shared
     */
    public Flux<RelayEvent> events(Flux<ChatEvent> answer, RelayHead head) {
        return new RelayFlux<>(this, answer, head, RelayBacklog::nextEvent, false);
    }

    /**
     * The text of the event stream, for a writer that asks for one element, writes it, and asks for the next: each
     * element is all that has come since. Completes only once another element is asked for, so that the last write is
     * watched like the others.
     */
    public Flux<String> blocks(ChatStream answer, RelayHead head) {
        return blocks(answer.events(), head);
    }

    /**
     * As {@link #blocks(ChatStream, RelayHead)}.
     * @param answer such as {@link ChatStream#events()}, changed or shared
     */
    public Flux<String> blocks(Flux<ChatEvent> answer, RelayHead head) {
        return new RelayFlux<>(this, answer, head, RelayBacklog::nextBlocks, true);
    }

    /** How many answers are being relayed. */
    public int openStreams() {
        return open.size();
    }

    /**
     * Lets the open streams end by themselves within {@code grace}, ends the others with a {@code failure} of kind
     * {@code shutdown}, and errors those whose reader has not taken it within {@code farewell}. New streams are
     * relayed as before: to refuse them is the caller's business.
     * @return completes when none of those is open
     */
    public Mono<Void> shutdown(Duration grace, Duration farewell) {
        return Mono.defer(this::allEnded).timeout(grace, Mono.defer(() -> {
            open.forEach(RelaySubscription::endForShutdown);
            return allEnded().timeout(farewell, Mono.fromRunnable(() -> open.forEach(RelaySubscription::abort)));
        }));
    }

    private Mono<Void> allEnded() {
        return Flux.fromIterable(List.copyOf(open))
                .flatMap(RelaySubscription::ended, Integer.MAX_VALUE)
                .then();
    }

    RelaySettings settings() {
        return settings;
    }

    void opened(RelaySubscription<?> subscription) {
        open.add(subscription);
    }

    void closed(RelaySubscription<?> subscription) {
        open.remove(subscription);
    }

    /** Collects a relay. Not thread-safe. */
    public static final class Builder {

        private Duration heartbeat = Duration.ofSeconds(15);
        private Duration retry = Duration.ofSeconds(3);
        private Duration headWait = Duration.ofSeconds(10);
        private Duration maxDuration = Duration.ofMinutes(10);
        private Duration writeTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /** Longest silence towards the browser before a comment is sent; zero sends none. By default 15 seconds. */
        public Builder heartbeat(Duration heartbeat) {
            this.heartbeat = heartbeat;
            return this;
        }

        /** How long an {@code EventSource} shall wait before it reconnects. By default 3 seconds. */
        public Builder retry(Duration retry) {
            this.retry = retry;
            return this;
        }

        /** How long the head of {@link RelayHead#AWAITS_FIRST_EVENT} waits at most. By default 10 seconds. */
        public Builder headWait(Duration headWait) {
            this.headWait = headWait;
            return this;
        }

        /** Longest answer; then the browser is told a {@code failure}. By default 10 minutes. */
        public Builder maxDuration(Duration maxDuration) {
            this.maxDuration = maxDuration;
            return this;
        }

        /** How long a reader may ask for nothing before the stream errors. By default 30 seconds. */
        public Builder writeTimeout(Duration writeTimeout) {
            this.writeTimeout = writeTimeout;
            return this;
        }

        public StreamRelay build() {
            return new StreamRelay(new RelaySettings(heartbeat, retry, headWait, maxDuration, writeTimeout));
        }
    }
}
