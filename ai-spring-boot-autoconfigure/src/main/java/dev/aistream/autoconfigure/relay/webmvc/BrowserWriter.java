package dev.aistream.autoconfigure.relay.webmvc;

import dev.aistream.relay.ReaderStalledException;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes the blocks of one relay to one browser, on the thread that brings them, without waiting for the browser.
 *
 * <p>The relay's thread, the container's and a timer's leave a note each and call {@link #drain}; whoever comes first
 * does the work for all. A block is written where the container is ready for it, then flushed, and the next one asked for
 * once the network has taken it: until then the relay's write timeout runs.
 *
 * <pre>
 *   untouched --first block--> open --the container calls--> writing --end--> complete
 *       | early failure         | it does not                   | stalled
 *       v                       v                               v
 *   complete with error     writing on threads that may wait   cut off
 * </pre>
 */
final class BrowserWriter implements CoreSubscriber<String> {

    /** In which a container calls the listener, unless all its threads are busy. */
    private static final Duration LISTENER_PATIENCE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(BrowserWriter.class);

    private final ResponseBodyEmitter emitter;
    private final BrowserStream stream;
    private final Scheduler threads;
    private final boolean writesMayWait;
    private final AtomicInteger notes = new AtomicInteger();
    private volatile @Nullable Subscription relay;
    private volatile @Nullable String block;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;
    private volatile boolean gone;
    private volatile boolean listenerIsHeard;
    private volatile boolean listenerIsMissed;
    private @Nullable Thread requestThread;

    // The draining thread's own.
    private boolean listens;
    private boolean unflushed;
    private boolean unasked;

    /**
     * A writer.
     * @param threads for writes that may wait
     * @param writesMayWait whether a write may wait for the browser though the container is ready for it
     */
    BrowserWriter(ResponseBodyEmitter emitter, BrowserStream stream, Scheduler threads, boolean writesMayWait) {
        this.emitter = emitter;
        this.stream = stream;
        this.threads = threads;
        this.writesMayWait = writesMayWait;
    }

    /** On the thread that brought the request. */
    void begin(Flux<String> blocks) {
        requestThread = Thread.currentThread();
        blocks.subscribe(this);
        requestThread = null;
    }

    /** The container says that the browser has left, or that the response is over. */
    void browserHasLeft() {
        gone = true;
        Subscription subscription = relay;
        if (subscription != null) {
            subscription.cancel();
        }
        stream.release();
    }

    // ---- the relay --------------------------------------------------------------------------------------------

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
        leaveNote();
    }

    @Override
    public void onComplete() {
        ended = true;
        leaveNote();
    }

    // ---- the container ----------------------------------------------------------------------------------------

    private final class Listener implements WriteListener {

        @Override
        public void onWritePossible() {
            listenerIsHeard = true;
            leaveNote();
        }

        @Override
        public void onError(Throwable error) {
            browserHasLeft();
        }
    }

    private void missListener() {
        if (!listenerIsHeard) {
            listenerIsMissed = true;
            leaveNote();
        }
    }

    // ---- one thread at a time ---------------------------------------------------------------------------------

    private void leaveNote() {
        if (notes.getAndIncrement() == 0) {
            drain(false);
        }
    }

    private void drain(boolean mayWait) {
        int seen = notes.get();
        do {
            if (!mayWait && needsToWait()) {
                drainElsewhere();
                return;
            }
            step(mayWait);
            seen = notes.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Not on a thread of the network, which others need. The notes stay, so that nobody else begins. */
    private void drainElsewhere() {
        try {
            threads.schedule(() -> drain(true));
        } catch (RejectedExecutionException stopped) {
            browserHasLeft();
        }
    }

    private boolean needsToWait() {
        return writesMayWait
                || (listenerIsMissed && !listenerIsHeard)
                || (block != null && !stream.isOpen() && Thread.currentThread() != requestThread);
    }

    private void step(boolean mayWait) {
        if (gone) {
            return;
        }
        // Read before the block: whoever has ended has left the last one before.
        boolean last = ended;
        Throwable error = failure;
        if (error instanceof ReaderStalledException && stream.isOpen()) {
            cutOff();
        } else if (error != null) {
            complete(error);
        } else {
            tryToWrite(mayWait);
            if (last && !gone && block == null && !unflushed && !unasked) {
                complete(null);
            }
        }
    }

    private void tryToWrite(boolean mayWait) {
        try {
            write(mayWait);
        } catch (IOException browserGone) {
            // The container has noticed too, and ends the response by itself.
            log.debug("A browser has left: {}", browserGone.getMessage());
            browserHasLeft();
        } catch (RuntimeException notWritable) {
            if (listens && listenerIsMissed) {
                log.debug("The container is busy: {}", notWritable.getMessage());
                listenerIsMissed = false;
            } else {
                browserHasLeft();
                complete(notWritable);
            }
        }
    }

    /** As far as the container is ready for it. */
    private void write(boolean mayWait) throws IOException {
        String next = block;
        if (next != null) {
            if (!stream.isOpen()) {
                open();
            }
            if (!isReady(mayWait)) {
                return;
            }
            stream.write(next);
            block = null;
            unflushed = true;
        }
        if (unflushed && isReady(mayWait)) {
            stream.flush();
            unflushed = false;
            unasked = true;
            if (!listenerIsHeard) {
                stream.noteThatListenersAreIgnored();
            }
        }
        Subscription subscription = relay;
        if (unasked && subscription != null && isReady(mayWait)) {
            unasked = false;
            subscription.request(1);
        }
    }

    private void open() throws IOException {
        listens = stream.open(new Listener());
        if (listens) {
            Schedulers.parallel().schedule(this::missListener, LISTENER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            missListener();
        }
    }

    private boolean isReady(boolean mayWait) {
        return listenerIsHeard ? stream.isReady() : mayWait && listenerIsMissed;
    }

    private void cutOff() {
        log.debug("A browser has stalled; its connection is closed");
        gone = true;
        if (!stream.cutOff()) {
            complete(new AsyncRequestNotUsableException("The browser has stalled"));
        }
    }

    private void complete(@Nullable Throwable error) {
        gone = true;
        try {
            if (error == null) {
                emitter.complete();
            } else {
                emitter.completeWithError(error);
            }
        } catch (RuntimeException containerIsFaster) {
            log.debug("The response was over: {}", containerIsFaster.getMessage());
        }
    }
}
