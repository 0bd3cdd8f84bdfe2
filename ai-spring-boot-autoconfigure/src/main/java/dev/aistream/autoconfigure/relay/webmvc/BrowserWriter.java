package dev.aistream.autoconfigure.relay.webmvc;

import dev.aistream.relay.ReaderStalledException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.CoreSubscriber;

/**
 * Writes the blocks of one relay to one browser: one write at a time, and a thread only while it lasts.
 *
 * <p>Only the writing thread calls the emitter, whose lock a stalled browser holds. All others leave a note and go.
 */
final class BrowserWriter implements CoreSubscriber<String>, Runnable {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private static final String COMMENT = ":\n\n";

    private static final Logger log = LoggerFactory.getLogger(BrowserWriter.class);

    private final SseEmitter emitter;
    private final Executor threads;
    private final WriteInProgress writing = new WriteInProgress();
    private final AtomicInteger notes = new AtomicInteger();
    private volatile @Nullable Subscription relay;
    private volatile @Nullable String block;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;
    private volatile boolean gone;

    BrowserWriter(SseEmitter emitter, Executor threads) {
        this.emitter = emitter;
        this.threads = threads;
    }

    /** The container says that the browser has left, or that the response is over. */
    void browserHasLeft() {
        gone = true;
        Subscription subscription = relay;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** The container's own clock has run out, with a write in progress perhaps. */
    void containerTimedOut() {
        browserHasLeft();
        writing.breakOff();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        relay = subscription;
        if (gone) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(String next) {
        block = next;
        leaveNote();
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
        ended = true;
        if (error instanceof ReaderStalledException) {
            writing.breakOff();
        }
        leaveNote();
    }

    @Override
    public void onComplete() {
        ended = true;
        leaveNote();
    }

    private void leaveNote() {
        if (notes.getAndIncrement() != 0) {
            return;
        }
        try {
            threads.execute(this);
        } catch (RejectedExecutionException stopped) {
            browserHasLeft();
        }
    }

    @Override
    public void run() {
        int seen = 1;
        do {
            String next = block;
            if (next != null) {
                block = null;
                write(next);
            }
            if (ended && block == null) {
                finish();
            }
            seen = notes.addAndGet(-seen);
            if (seen != 0) {
                // A virtual thread is not preempted: a flood to one browser would hold up the others.
                Thread.yield();
            }
        } while (seen != 0);
    }

    private void write(String next) {
        Subscription subscription = relay;
        if (!gone && send(next) && subscription != null) {
            subscription.request(1);
        }
    }

    /** Whether the browser can be sent more. */
    private boolean send(String text) {
        writing.begin();
        try {
            emitter.send(Set.of(new DataWithMediaType(text, TEXT)));
            return true;
        } catch (IOException browserGone) {
            // The container has noticed too, and ends the response by itself.
            log.debug("A browser has left: {}", browserGone.getMessage());
            browserHasLeft();
        } catch (IllegalStateException notWritable) {
            browserHasLeft();
            emitter.completeWithError(notWritable);
        } finally {
            writing.end();
        }
        return false;
    }

    private void finish() {
        Throwable error = failure;
        if (!gone) {
            if (error == null) {
                emitter.complete();
            } else if (error instanceof ReaderStalledException) {
                cutOff();
            } else {
                emitter.completeWithError(error);
            }
            gone = true;
        }
        writing.giveUp();
    }

    /**
     * The write that was stuck has come through after all. To end the response properly would leave the connection to
     * a browser that does not read: for the container to close it a write must fail, as one does on an interrupted
     * thread.
     */
    private void cutOff() {
        Thread.currentThread().interrupt();
        if (send(COMMENT)) {
            emitter.completeWithError(new AsyncRequestNotUsableException("The browser has stalled"));
        }
    }
}
