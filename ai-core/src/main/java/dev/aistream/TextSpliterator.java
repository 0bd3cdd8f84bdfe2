package dev.aistream;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Spliterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p>Waits on a lock that lets a virtual thread go.
 */
final class TextSpliterator extends BaseSubscriber<String> implements Spliterator<String> {

    /** Fragments asked for ahead of the reader. */
    static final int PREFETCH = 16;

    private static final int REPLENISH = PREFETCH * 3 / 4;

    private final Flux<String> text;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<String> fragments = new ArrayDeque<>(PREFETCH);
    private boolean started;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;
    private int taken;

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
        start();
        String fragment;
        try {
            fragment = await();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw ChatException.builder(Kind.CANCELLED, "The thread was interrupted while it read the answer")
                    .cause(e)
                    .build();
        }
        if (fragment != null && ++taken == REPLENISH) {
            taken = 0;
            request(REPLENISH);
        }
        return fragment;
    }

    private void start() {
        if (started) {
            return;
        }
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException("toStream() blocks, which the thread "
                    + Thread.currentThread().getName() + " must not; subscribe to text() there");
        }
        started = true;
        text.subscribe(this);
    }

    private @Nullable String await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (fragments.isEmpty() && !ended && !closed) {
                changed.await();
            }
            if (closed) {
                throw ChatException.builder(Kind.CANCELLED, "The stream is closed")
                        .build();
            }
            String fragment = fragments.poll();
            if (fragment == null && failure != null) {
                throw Exceptions.propagate(failure);
            }
            return fragment;
        } finally {
            lock.unlock();
        }
    }

    private void close() {
        change(() -> closed = true);
        cancel();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(PREFETCH);
    }

    @Override
    protected void hookOnNext(String fragment) {
        change(() -> fragments.add(fragment));
    }

    @Override
    protected void hookOnError(Throwable failure) {
        change(() -> {
            this.failure = failure;
            ended = true;
        });
    }

    @Override
    protected void hookOnComplete() {
        change(() -> ended = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
