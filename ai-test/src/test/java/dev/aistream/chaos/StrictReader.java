package dev.aistream.chaos;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.aistream.chat.ChatEvent;
import dev.aistream.test.Transcript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Counts endings rather than trusting an operator to hide a second one. */
final class StrictReader implements CoreSubscriber<ChatEvent> {

    private final List<ChatEvent> events = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Subscription subscription;
    private Throwable failure;
    private boolean over;

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(ChatEvent event) {
        if (over) {
            breaches.add(event + " after the ending");
        }
        events.add(event);
    }

    @Override
    public synchronized void onError(Throwable error) {
        failure = error;
        end("error");
    }

    @Override
    public synchronized void onComplete() {
        end("completion");
    }

    private void end(String how) {
        if (over) {
            breaches.add("a second ending: " + how);
        }
        over = true;
        ended.countDown();
    }

    /** Waits for the ending; without one, cancels and says so. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toNanos(), NANOSECONDS);
    }

    void cancel() {
        subscription.cancel();
    }

    synchronized boolean isOver() {
        return over;
    }

    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    synchronized Transcript transcript() {
        return Transcript.of(events, failure);
    }
}
