package dev.aistream.test;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.aistream.chat.ChatEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Reads without limit until it is told to cancel, and notices every signal that begins after that. */
final class CancellingReader extends BaseSubscriber<ChatEvent> {

    private final CountDownLatch text = new CountDownLatch(1);
    private volatile boolean cancelled;
    private final AtomicInteger late = new AtomicInteger();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(ChatEvent event) {
        if (cancelled) {
            late.incrementAndGet();
        }
        if (event instanceof ChatEvent.TextDelta) {
            text.countDown();
        }
    }

    @Override
    protected void hookOnError(Throwable failure) {
        if (cancelled) {
            late.incrementAndGet();
        }
    }

    void awaitText(Duration atMost) {
        try {
            if (!text.await(atMost.toNanos(), NANOSECONDS)) {
                throw new AssertionError("no text within " + atMost);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Cancels, twice, for the second time must do nothing; returns the time before the first. */
    long cancelNow() {
        long before = System.nanoTime();
        upstream().cancel();
        cancelled = true;
        upstream().cancel();
        return before;
    }

    /** One signal may have been in progress on another thread. */
    void assertSilentSinceCancel() {
        if (late.get() > 1) {
            throw new AssertionError(late + " signals after cancel");
        }
    }
}
