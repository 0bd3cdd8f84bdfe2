package dev.aistream;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.util.Queue;
import java.util.Spliterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Hands text from the network thread to a thread that waits for it, a few fragments ahead.
 *
 * <p>No lock is shared: the network thread never waits for the reader, and a virtual thread that waits leaves its
 * carrier.
 */
final class TextSpliterator extends BaseSubscriber<String> implements Spliterator<String> {

    /** Fragments asked for ahead of the reader; bounds {@link #fragments}. */
    static final int PREFETCH = 16;

    private static final int REPLENISH = PREFETCH * 3 / 4;

    private final Flux<String> text;
    private final Queue<String> fragments = new ConcurrentLinkedQueue<>();
    private boolean started;
    private int taken;
    private @Nullable Throwable failure;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile @Nullable Thread reader;

    private TextSpliterator(Flux<String> text) {
        this.text = text;
    }

    static Stream<String> stream(Flux<String> text) {
        TextSpliterator spliterator = new TextSpliterator(text);
        return StreamSupport.stream(spliterator, false).onClose(spliterator::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super String> action) {
        String fragment = take();
        if (fragment == null) {
            return false;
        }
        try {
            action.accept(fragment);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        return true;
    }

    /** The next fragment; null at the end of the answer. */
    private @Nullable String take() {
        reader = Thread.currentThread();
        start();
        while (true) {
            requireOpen();
            // Read before the queue: what was added before the end is then seen.
            boolean last = ended;
            String fragment = fragments.poll();
            if (fragment != null) {
                replenish();
                return fragment;
            }
            if (last) {
                return end();
            }
            LockSupport.park(this);
        }
    }

    private void start() {
        if (started) {
            return;
        }
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException("toStream() blocks, which the thread "
                    + Thread.currentThread().getName() + " must not; subscribe to text() there");
        }
        requireOpen();
        started = true;
        text.subscribe(this);
    }

    private void requireOpen() {
        if (closed) {
            throw cancelled("The stream is closed");
        }
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw cancelled("The thread was interrupted while it read the answer");
        }
    }

    private static ChatException cancelled(String message) {
        return ChatException.builder(Kind.CANCELLED, message).build();
    }

    private void replenish() {
        taken++;
        if (taken == REPLENISH) {
            taken = 0;
            request(REPLENISH);
        }
    }

    private @Nullable String end() {
        if (failure != null) {
            throw Exceptions.propagate(failure);
        }
        return null;
    }

    private void close() {
        closed = true;
        cancel();
        wakeReader();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(PREFETCH);
    }

    @Override
    protected void hookOnNext(String fragment) {
        fragments.add(fragment);
        wakeReader();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        this.failure = failure;
        hookOnComplete();
    }

    @Override
    protected void hookOnComplete() {
        ended = true;
        wakeReader();
    }

    private void wakeReader() {
        LockSupport.unpark(reader);
    }

    @Override
    public @Nullable Spliterator<String> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }
}
