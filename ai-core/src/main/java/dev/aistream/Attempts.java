package dev.aistream;

import dev.aistream.ChatCallListener.Attempt;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one call tries, in which order, and what came of it.
 *
 * <p>It decides about failures before the first event only: the same model again while the failure is retryable and the
 * policy allows, then the next fallback, unless the failure lies in the request.
 */
final class Attempts {

    private static final AtomicLong CALL_IDS = new AtomicLong();

    /** CallFailures that another provider would not do better with. */
    private static final Set<Kind> FINAL =
            EnumSet.of(Kind.INVALID_REQUEST, Kind.CONTENT_FILTERED, Kind.TOTAL_TIMEOUT, Kind.CANCELLED, Kind.SHUTDOWN);

    private final long callId = CALL_IDS.incrementAndGet();
    private final List<Candidate> candidates;
    private final Listeners listeners;
    private final List<ChatResponse.Attempt> failed = new ArrayList<>();
    private int candidate;
    private int retries;
    private Duration delay = Duration.ZERO;
    private boolean running;
    private @Nullable Attempt last;

    Attempts(List<Candidate> candidates, Listeners listeners) {
        this.candidates = candidates;
        this.listeners = listeners;
    }

    synchronized Candidate current() {
        return candidates.get(candidate);
    }

    void started() {
        listeners.attemptStarted(next());
    }

    private synchronized Attempt next() {
        Candidate target = current();
        running = true;
        last = new Attempt(
                callId, failed.size() + 1, target.provider(), target.request().model(), delay);
        return last;
    }

    /** The running attempt came to nothing, or broke off. */
    void failed(ChatException failure) {
        Attempt attempt = endRunning(failure);
        if (attempt != null) {
            listeners.attemptFailed(attempt, failure);
        }
    }

    private synchronized @Nullable Attempt endRunning(ChatException failure) {
        if (!running || last == null) {
            return null;
        }
        running = false;
        failed.add(asResult(last, failure));
        return last;
    }

    /** The last attempt that was started; null where none was. */
    synchronized @Nullable Attempt last() {
        return last;
    }

    /** All that was tried, the running attempt with {@code failure}. */
    synchronized List<ChatResponse.Attempt> results(@Nullable ChatException failure) {
        List<ChatResponse.Attempt> all = new ArrayList<>(failed);
        if (running && last != null) {
            all.add(asResult(last, failure));
        }
        return all;
    }

    private static ChatResponse.Attempt asResult(Attempt attempt, @Nullable ChatException failure) {
        return new ChatResponse.Attempt(attempt.provider(), attempt.model(), failure, attempt.delay());
    }

    /**
     * Turns to the next attempt.
     * @return how long to wait before it; null for not at all, as another model is asked
     * @throws ChatException where there is none: the failure, and why it was not retried
     */
    synchronized @Nullable Duration pauseAfter(ChatException failure) {
        Candidate tried = current();
        String gaveUp = "";
        if (failure.retryable() && tried.policy().maxRetries() > 0) {
            Duration pause = Backoff.delay(
                    tried.policy(),
                    tried.request().retryInterval(),
                    retries,
                    failure.retryAfter(),
                    ThreadLocalRandom.current().nextDouble());
            if (pause == null) {
                gaveUp = "it asks to wait for longer than the "
                        + tried.policy().maxRetryDelay().toSeconds() + " s allowed, so it was not retried";
            } else if (retries < tried.policy().maxRetries()) {
                retries++;
                delay = pause;
                return pause;
            } else {
                gaveUp = "gave up after " + failed.size() + " attempts";
            }
        }
        if (candidate + 1 < candidates.size() && !FINAL.contains(failure.kind())) {
            candidate++;
            retries = 0;
            delay = Duration.ZERO;
            return null;
        }
        throw gaveUp.isEmpty() ? failure : CallFailures.explained(failure, gaveUp);
    }
}
