package dev.aistream;

import dev.aistream.chat.ChatEvent;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Reads the first event of a call, hands out the stream, and holds that one event until somebody reads.
 *
 * <p>Nothing more is asked for meanwhile. An answer that nobody reads is given up after {@link #UNREAD_LIMIT}.
 */
final class OpenedCall implements CoreSubscriber<ChatEvent>, Subscription {

    static final Duration UNREAD_LIMIT = Duration.ofSeconds(60);

    private final Outcome outcome;
    private final MonoSink<ChatStream> opened;
    private final Disposable.Swap unreadTimer = Disposables.swap();
    private final AtomicInteger draining = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private @Nullable Call call;
    private @Nullable ChatEvent first;
    private @Nullable Throwable failure;
    private volatile @Nullable CoreSubscriber<? super ChatEvent> reader;
    private volatile boolean flowing;
    private volatile boolean begun;
    private volatile boolean ended;
    /** The reader has left, or has been told the end. */
    private volatile boolean finished;

    OpenedCall(Outcome outcome, MonoSink<ChatStream> opened) {
        this.outcome = outcome;
        this.opened = opened;
    }

    @Override
    public Context currentContext() {
        return Context.of(opened.contextView());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        Call call = (Call) subscription;
        this.call = call;
        opened.onCancel(call::cancel);
        call.request(1);
    }

    @Override
    public void onNext(ChatEvent event) {
        CoreSubscriber<? super ChatEvent> reader = this.reader;
        if (reader != null && flowing) {
            reader.onNext(event);
            return;
        }
        first = event;
        begun = true;
        unreadTimer.update(
                Schedulers.parallel().schedule(this::giveUpUnread, UNREAD_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        opened.success(new ChatStream(outcome, this::attach));
    }

    private void giveUpUnread() {
        call().fail(CallFailures.unread(UNREAD_LIMIT));
    }

    private void attach(CoreSubscriber<? super ChatEvent> reader) {
        unreadTimer.dispose();
        reader.onSubscribe(this);
        this.reader = reader;
        drain();
    }

    @Override
    public void onError(Throwable failure) {
        if (!begun) {
            opened.error(failure);
            return;
        }
        this.failure = failure;
        onComplete();
    }

    @Override
    public void onComplete() {
        unreadTimer.dispose();
        ended = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (flowing) {
            call().request(n);
        } else if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            drain();
        }
    }

    @Override
    public void cancel() {
        finished = true;
        call().cancel();
    }

    private void drain() {
        if (draining.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            CoreSubscriber<? super ChatEvent> reader = this.reader;
            if (reader != null) {
                drainTo(reader);
            }
            missed = draining.addAndGet(-missed);
        } while (missed != 0);
    }

    /** The held event first, then the ending if it has come, or the rest of the demand. */
    private void drainTo(CoreSubscriber<? super ChatEvent> reader) {
        long demand = requested.getAndSet(0);
        ChatEvent held = first;
        if (held != null) {
            if (demand == 0) {
                return;
            }
            first = null;
            deliver(reader, held);
            flowing = true;
            demand = demand == Long.MAX_VALUE ? demand : demand - 1;
        }
        if (ended) {
            end(reader);
        } else if (demand > 0) {
            call().request(demand);
        }
    }

    private void deliver(CoreSubscriber<? super ChatEvent> reader, ChatEvent held) {
        if (finished) {
            return;
        }
        try {
            reader.onNext(held);
        } catch (Throwable t) {
            finished = true;
            call().readerThrew(t);
        }
    }

    private void end(CoreSubscriber<? super ChatEvent> reader) {
        if (finished) {
            return;
        }
        finished = true;
        if (failure != null) {
            reader.onError(failure);
        } else {
            reader.onComplete();
        }
    }

    private Call call() {
        return Objects.requireNonNull(call);
    }
}
