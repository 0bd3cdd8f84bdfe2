package dev.aistream;

import dev.aistream.ChatCallListener.Attempt;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.ChatResponse.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.util.unit.DataSize;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One call and its one reader: passes events and demand straight through, folds what passes, and ends once.
 *
 * <p>An ending may come from the provider, the reader, a clock or the shutdown, on any thread and while an event is
 * being delivered: {@link DeliveryGate} makes one of it. A superclass, since as a part it would be one more object to
 * fetch for each event.
 */
final class Call extends DeliveryGate<Call.Ending> implements Subscription {

    private static final Ending COMPLETE = new Ending(null, true);

    private final CoreSubscriber<? super ChatEvent> reader;
    private final Outcome outcome;
    private final ActiveCalls activeCalls;
    private final Listeners listeners;
    private final Attempts attempts;
    private final ResponseFolder folder;
    private final DataSize maxKeptText;
    private final Upstream upstream = new Upstream();
    private final Disposable.Swap nextAttempt = Disposables.swap();
    private final Scheduler scheduler = Schedulers.parallel();
    private final long subscribedAt = scheduler.now(TimeUnit.NANOSECONDS);
    private final @Nullable TotalClock clock;
    private @Nullable Duration toFirstToken;

    Call(
            ChatRequest request,
            List<Candidate> candidates,
            CoreSubscriber<? super ChatEvent> reader,
            Outcome outcome,
            CallSettings settings) {
        this.reader = reader;
        this.outcome = outcome;
        this.activeCalls = settings.activeCalls();
        this.listeners = settings.listeners();
        this.maxKeptText = settings.maxKeptText();
        this.attempts = new Attempts(candidates, listeners);
        this.folder = new ResponseFolder(maxKeptText.toBytes(), request.includeRaw());
        Duration limit = candidates.get(0).policy().totalTimeout();
        this.clock =
                limit == null ? null : new TotalClock(limit, scheduler, () -> fail(CallFailures.totalTimeout(limit)));
    }

    void start() {
        enter();
        try {
            reader.onSubscribe(this);
        } catch (Throwable t) {
            readerThrew(t);
        } finally {
            leave();
        }
        if (!activeCalls.add(this)) {
            fail(CallFailures.shutdown());
        }
        if (!hasEnded()) {
            attempt();
        } else {
            activeCalls.remove(this);
        }
    }

    private void attempt() {
        new CallAttempt(this, attempts).start();
    }

    /** An attempt has failed before its first event: makes the next one when it is due, or ends. */
    void retry(ChatException failure) {
        try {
            Duration pause = attempts.pauseAfter(failure);
            if (pause == null) {
                attempt();
            } else {
                Due due = new Due();
                nextAttempt.update(due);
                Mono.delay(pause).subscribe(due);
            }
        } catch (ChatException last) {
            fail(last);
        }
    }

    Upstream upstream() {
        return upstream;
    }

    Context currentContext() {
        return reader.currentContext();
    }

    boolean hasEnded() {
        return ending() != null;
    }

    void next(ChatEvent event) {
        if (!enter()) {
            return;
        }
        try {
            if (toFirstToken == null) {
                begin();
            }
            folder.fold(event);
            if (clock != null) {
                clock.delivered();
            }
            reader.onNext(event);
        } catch (Throwable t) {
            readerThrew(t);
        } finally {
            leave();
        }
        if (folder.truncated() && outcome.isDrained()) {
            fail(CallFailures.keptTextLimit(maxKeptText));
        }
    }

    private void begin() {
        Duration elapsed = elapsed();
        toFirstToken = elapsed;
        Attempt attempt = attempts.last();
        if (attempt != null) {
            listeners.firstToken(attempt, elapsed);
        }
    }

    void complete() {
        end(COMPLETE);
    }

    void fail(ChatException failure) {
        end(new Ending(failure, true));
    }

    /** Gives the call up for the reader's own failure, which it is not told of again. */
    void readerThrew(Throwable thrown) {
        end(new Ending(CallFailures.readerFailed(thrown), false));
        Exceptions.throwIfJvmFatal(thrown);
        Operators.onErrorDropped(thrown, reader.currentContext());
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            if (clock != null) {
                clock.requested(n);
            }
            upstream.request(n);
        }
    }

    @Override
    public void cancel() {
        if (!hasEnded()) {
            end(new Ending(CallFailures.cancelled(), false));
        }
    }

    private void leave() {
        if (exit()) {
            finish();
        }
    }

    private void end(Ending how) {
        if (!decide(how)) {
            return;
        }
        if (how.failure() != null) {
            nextAttempt.dispose();
            upstream.cancel();
        }
        if (close()) {
            finish();
        }
    }

    /** Runs once, with no event being delivered: tells everybody how it ended, the reader last. */
    private void finish() {
        if (clock != null) {
            clock.stop();
        }
        Ending how = Objects.requireNonNull(ending());
        if (how.failure() != null) {
            folder.foldFailure(how.failure());
        }
        List<ChatResponse.Attempt> tried = attempts.results(how.failure());
        Timings timings = new Timings(folder.hasOutput() ? toFirstToken : null, elapsed());
        SingletonSupplier<ChatResponse> response = response(tried, timings);
        ChatException failure =
                how.failure() == null ? null : located(how.failure(), tried.isEmpty() ? null : response.obtain());
        try {
            tellListeners(failure, tried, timings);
            leaveOutcome(failure, response);
        } finally {
            tellReader(how, failure);
            activeCalls.remove(this);
        }
    }

    /** Made when it is asked for, since most readers of a stream never ask. */
    private SingletonSupplier<ChatResponse> response(List<ChatResponse.Attempt> tried, Timings timings) {
        ResponseFolder whole = folder;
        Candidate asked = attempts.current();
        return SingletonSupplier.of(
                () -> whole.response(asked.provider(), asked.request().model(), tried, timings));
    }

    /** They see no answer, a part of one neither. */
    private void tellListeners(@Nullable ChatException failure, List<ChatResponse.Attempt> tried, Timings timings) {
        Attempt attempt = attempts.last();
        if (attempt != null) {
            listeners.ended(
                    attempt,
                    new ChatCallListener.Outcome(
                            failure == null
                                    ? null
                                    : failure.mutate().partial(null).build(),
                            folder.finishReason(),
                            folder.usage(),
                            tried,
                            timings));
        }
    }

    private void leaveOutcome(@Nullable ChatException failure, SingletonSupplier<ChatResponse> response) {
        if (failure != null) {
            outcome.fail(failure);
        } else if (folder.truncated()) {
            outcome.fail(located(CallFailures.keptTextLimit(maxKeptText), response.obtain()));
        } else {
            outcome.succeed(response);
        }
    }

    private void tellReader(Ending how, @Nullable ChatException failure) {
        if (!how.toReader()) {
            return;
        }
        try {
            if (failure != null) {
                reader.onError(failure);
            } else {
                reader.onComplete();
            }
        } catch (Throwable t) {
            Exceptions.throwIfJvmFatal(t);
            Operators.onErrorDropped(t, reader.currentContext());
        }
    }

    private ChatException located(ChatException failure, @Nullable ChatResponse partial) {
        return failure.mutate()
                .phase(toFirstToken == null ? Phase.BEFORE_FIRST_TOKEN : Phase.AFTER_FIRST_TOKEN)
                .partial(partial)
                .build();
    }

    private Duration elapsed() {
        return Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS) - subscribedAt);
    }

    private final class Due extends BaseSubscriber<Long> {

        @Override
        protected void hookOnNext(Long tick) {
            attempt();
        }
    }

    /** How it ended. */
    record Ending(@Nullable ChatException failure, boolean toReader) {}
}
