package dev.aistream.autoconfigure.relay;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Bounds how many answers are relayed at once, over all and to one user.
 *
 * <p>Thread-safe.
 */
public final class RelayGate {

    private final int maxStreams;
    private final int maxStreamsPerUser;
    private final Duration retryAfter;
    private final AtomicInteger streams = new AtomicInteger();
    private final Map<String, Integer> streamsByUser = new ConcurrentHashMap<>();

    /**
     * A gate.
     * @param retryAfter when a refused client may try again
     */
    public RelayGate(int maxStreams, int maxStreamsPerUser, Duration retryAfter) {
        this.maxStreams = maxStreams;
        this.maxStreamsPerUser = maxStreamsPerUser;
        this.retryAfter = retryAfter;
    }

    /**
     * Lets one answer in.
     * @param user name of the signed-in user; null where there is none
     * @return runs when the answer is over; a second run does nothing
     * @throws RelayRequestException where it is one too many, with status 429
     */
    public Runnable enter(@Nullable String user) {
        if (streams.incrementAndGet() > maxStreams) {
            streams.decrementAndGet();
            throw tooMany("Too many answers are being written at once.");
        }
        if (user != null && streamsByUser.merge(user, 1, Integer::sum) > maxStreamsPerUser) {
            leave(user);
            throw tooMany("You have too many answers open at once.");
        }
        AtomicBoolean left = new AtomicBoolean();
        return () -> {
            if (left.compareAndSet(false, true)) {
                leave(user);
            }
        };
    }

    int open() {
        return streams.get();
    }

    int users() {
        return streamsByUser.size();
    }

    private void leave(@Nullable String user) {
        streams.decrementAndGet();
        if (user != null) {
            streamsByUser.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
        }
    }

    private RelayRequestException tooMany(String message) {
        return new RelayRequestException(HttpStatus.TOO_MANY_REQUESTS, message, retryAfter);
    }
}
