package dev.aistream.relay;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * One answer on its way to one reader.
 *
 * <p>The provider's thread, the reader's and the timer's leave a note each (the one event that was asked for, the
 * demand, an order) and call {@link #drain}; whoever comes first does the work for all, so that everything below
 * {@link #step} is one thread's at a time and needs no lock.
 *
 * <pre>
 *   head open? --no--> failure: onError
 *       | first event, or headWait
 *       v
 *   streaming --ResponseEnd, failure, orders--> ending --backlog empty--> onComplete
 *       any of them --ABORT--> onError,  --CANCEL--> nothing
 * </pre>
 */
final class RelaySubscription<T> implements CoreSubscriber<ChatEvent>, Subscription {

    /** Send a comment, unless something else is on its way. */
    static final int BEAT = 1;
    /** The head has waited long enough. */
    static final int OPEN_HEAD = 2;
    /** The answer has taken too long. */
    static final int END_FOR_DURATION = 4;
    /** The application stops. */
    static final int END_FOR_SHUTDOWN = 8;
    /** The reader takes nothing. */
    static final int ABORT = 16;
    /** The reader has left. */
    static final int CANCEL = 32;

    /** No more is asked for beyond it; one more line of 16 KB, the default limit, makes 64 KB. */
    static final int FULL_BYTES = 48 * 1024;

    private static final String HEARTBEAT = "heartbeat";

    private static final Logger log = LoggerFactory.getLogger(StreamRelay.class);

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<RelaySubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(RelaySubscription.class, "requested");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<RelaySubscription> WIP =
            AtomicIntegerFieldUpdater.newUpdater(RelaySubscription.class, "wip");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<RelaySubscription> ORDERS =
            AtomicIntegerFieldUpdater.newUpdater(RelaySubscription.class, "orders");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<RelaySubscription, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(RelaySubscription.class, Subscription.class, "upstream");

    private final StreamRelay relay;
    private final Function<RelayBacklog, ? extends T> rendering;
    private final boolean completesOnDemand;
    private final CoreSubscriber<? super T> reader;
    private final RelayBacklog backlog = new RelayBacklog();
    private final RelayClock clock;
    private final RelayTranslator translator;
    private final Sinks.Empty<Void> ended = Sinks.empty();

    private volatile @Nullable Subscription upstream;
    private volatile long requested;
    private volatile int wip;
    private volatile int orders;
    private volatile boolean cancelled;
    // Notes of the provider's thread. It is asked for one event at a time, so there is never a second.
    private volatile @Nullable ChatEvent arrived;
    private volatile @Nullable Throwable failed;
    private volatile boolean finished;

    // The draining thread's own.
    private boolean headOpen;
    private boolean asked;
    private boolean ending;
    private @Nullable Throwable earlyFailure;
    private boolean over;

    RelaySubscription(
            StreamRelay relay,
            RelayHead head,
            Function<RelayBacklog, ? extends T> rendering,
            boolean completesOnDemand,
            CoreSubscriber<? super T> reader) {
        this.relay = relay;
        this.rendering = rendering;
        this.completesOnDemand = completesOnDemand;
        this.reader = reader;
        this.headOpen = head == RelayHead.AT_ONCE;
        this.clock = new RelayClock(relay.settings(), this, !headOpen);
        this.translator = new RelayTranslator(backlog, clock.startNanos());
        if (headOpen) {
            backlog.addOpening(new RelayEvent.Opening("0", relay.retry()));
        }
    }

    void start(Flux<ChatEvent> answer) {
        relay.opened(this);
        clock.start();
        reader.onSubscribe(this);
        if (!cancelled) {
            answer.subscribe(this);
        }
    }

    /** Completes when this relay is over, for whatever reason. */
    Mono<Void> ended() {
        return ended.asMono();
    }

    /** Tells the reader that the application stops. */
    void endForShutdown() {
        order(END_FOR_SHUTDOWN);
    }

    /** Gives the reader up. */
    void abort() {
        order(ABORT);
    }

    void order(int order) {
        int before;
        do {
            before = orders;
        } while (!ORDERS.compareAndSet(this, before, before | order));
        drain();
    }

    // ---- the reader -------------------------------------------------------------------------------------------

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            drain();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        closeProvider();
        order(CANCEL);
    }

    private void closeProvider() {
        if (!finished) {
            Operators.terminate(UPSTREAM, this);
        }
    }

    // ---- the provider -----------------------------------------------------------------------------------------

    @Override
    public Context currentContext() {
        return reader.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(UPSTREAM, this, subscription)) {
            drain();
        }
    }

    @Override
    public void onNext(ChatEvent event) {
        if (arrived != null) {
            Operators.terminate(UPSTREAM, this);
            onError(new IllegalStateException("The answer sends more than it is asked for"));
            return;
        }
        arrived = event;
        drain();
    }

    @Override
    public void onError(Throwable failure) {
        if (cancelled) {
            return;
        }
        failed = failure;
        finished = true;
        drain();
    }

    @Override
    public void onComplete() {
        finished = true;
        drain();
    }

    // ---- one thread at a time ---------------------------------------------------------------------------------

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            if (!over) {
                step();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void step() {
        int due = orders == 0 ? 0 : ORDERS.getAndSet(this, 0);
        if ((due & CANCEL) != 0) {
            end();
        } else if ((due & ABORT) != 0) {
            endWith(new ReaderStalledException(relay.writeTimeout()));
        } else {
            absorb();
            obey(due);
            if (earlyFailure != null) {
                endWith(earlyFailure);
            } else {
                emit();
                completeOrAsk();
            }
        }
    }

    private void absorb() {
        // Read before the event: a provider's thread that has finished has left its last event before.
        boolean last = finished;
        ChatEvent event = arrived;
        if (event != null) {
            arrived = null;
            asked = false;
            if (!ending) {
                translator.accept(event);
                if (!headOpen && !backlog.isEmpty()) {
                    openHead();
                }
            }
        }
        if (last && !ending) {
            if (translator.isWhole()) {
                ending = true;
            } else {
                fail(failed != null ? failed : interrupted());
            }
        }
    }

    private void obey(int due) {
        if (due == 0 || ending) {
            return;
        }
        if (translator.isWhole() && (due & (END_FOR_SHUTDOWN | END_FOR_DURATION)) != 0) {
            // The browser has been told the end already; what follows it upstream is given up.
            ending = true;
        } else if ((due & END_FOR_SHUTDOWN) != 0) {
            fail(ChatException.builder(ChatException.Kind.SHUTDOWN, "The application stops")
                    .retryable(true)
                    .build());
        } else if ((due & END_FOR_DURATION) != 0) {
            fail(ChatException.builder(ChatException.Kind.TOTAL_TIMEOUT, "The answer took longer than the relay allows")
                    .build());
        } else if ((due & OPEN_HEAD) != 0 && !headOpen) {
            openHead();
            backlog.addComment(HEARTBEAT);
        } else if ((due & BEAT) != 0 && headOpen && backlog.isEmpty() && requested != 0) {
            backlog.addComment(HEARTBEAT);
        }
    }

    private void openHead() {
        headOpen = true;
        clock.headIsOpen();
    }

    private void fail(Throwable failure) {
        ending = true;
        closeProvider();
        if (!headOpen) {
            earlyFailure = failure;
            return;
        }
        if (!(failure instanceof ChatException)) {
            log.error("A relayed answer failed unexpectedly", failure);
        }
        backlog.addMessage("failure", RelayJson.failure(RelayFailure.of(failure)));
    }

    private static ChatException interrupted() {
        return ChatException.builder(ChatException.Kind.INTERRUPTED, "The answer ended without its end")
                .build();
    }

    private void emit() {
        long demand = headOpen ? requested : 0;
        long emitted = 0;
        while (emitted != demand && !backlog.isEmpty() && !cancelled) {
            emitted++;
            deliver(rendering.apply(backlog));
        }
        if (emitted != 0) {
            clock.onOutput();
            Operators.produced(REQUESTED, this, emitted);
        }
        clock.readerIsFull(requested == 0);
    }

    private void deliver(T block) {
        try {
            reader.onNext(block);
        } catch (Throwable failure) {
            // A reader must not throw. It may not be called again, and the provider must not be left open.
            Exceptions.throwIfJvmFatal(failure);
            cancel();
            Operators.onErrorDropped(failure, reader.currentContext());
        }
    }

    private void completeOrAsk() {
        if (cancelled) {
            return;
        }
        if (ending) {
            if (backlog.isEmpty() && (!completesOnDemand || requested != 0)) {
                end();
                reader.onComplete();
            }
            return;
        }
        Subscription provider = upstream;
        if (!asked && provider != null && backlog.bytes() < FULL_BYTES) {
            asked = true;
            provider.request(1);
        }
    }

    private void endWith(Throwable failure) {
        end();
        reader.onError(failure);
    }

    private void end() {
        over = true;
        closeProvider();
        clock.stop();
        backlog.clear();
        relay.closed(this);
        ended.tryEmitEmpty();
    }
}
