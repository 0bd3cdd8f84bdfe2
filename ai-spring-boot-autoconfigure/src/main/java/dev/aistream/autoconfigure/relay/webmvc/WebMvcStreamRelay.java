package dev.aistream.autoconfigure.relay.webmvc;

import dev.aistream.ChatStream;
import dev.aistream.chat.ChatEvent;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Turns answers into {@link SseEmitter}s, for controllers of your own: return what it gives from the handler method.
 *
 * <p>The model is asked when Spring MVC takes the emitter from the controller. The emitter completes after the last
 * event, and closes the provider's connection when the browser leaves, stops reading for longer than the write
 * timeout, or the answer takes longer than allowed. Events are written on the thread that brings them, which never waits
 * for the browser; on a thread of our own only where the container cannot tell when it can be written, and over
 * HTTP/2. The emitter cannot be sent anything else.
 *
 * <p>Thread-safe: one instance serves every answer.
 */
public final class WebMvcStreamRelay implements AutoCloseable {

    private static final Duration CONTAINER_MARGIN = Duration.ofSeconds(5);

    private final StreamRelay relay;
    private final ListenerlessResponses listenerless = new ListenerlessResponses();
    private final Scheduler threads = WriterThreads.create();

    /** A relay for the servlet stack. */
    public WebMvcStreamRelay(StreamRelay relay) {
        this.relay = relay;
    }

    /**
     * For an {@code EventSource}: the head goes out at once, and every failure is an event. One that reconnects after the
     * answer, as all do, gets 204 and stops; the model is not asked again.
     */
    public SseEmitter toEmitter(ChatStream answer) {
        return toEmitter(answer, RelayHead.AT_ONCE);
    }

    /**
     * An emitter.
     * @param head where it waits, an early failure goes to the application's exception handlers as a
     *     {@link dev.aistream.chat.ChatException}
     */
    public SseEmitter toEmitter(ChatStream answer, RelayHead head) {
        return toEmitter(answer.events(), head);
    }

    /**
     * An emitter.
     * @param answer such as {@link ChatStream#events()}, changed or shared
     */
    public SseEmitter toEmitter(Flux<ChatEvent> answer, RelayHead head) {
        return emitter(relay.blocks(answer, head));
    }

    /** Runs {@code over} when the answer is over, whatever ends it; for the endpoint's limits. */
    SseEmitter toEmitter(ChatStream answer, RelayHead head, Runnable over) {
        SseEmitter emitter = emitter(relay.blocks(answer, head).doFinally(signal -> over.run()));
        emitter.onError(failure -> over.run());
        return emitter;
    }

    private SseEmitter emitter(Flux<String> blocks) {
        // Later than all our own clocks: the container's ends without a word to the browser.
        Duration timeout = relay.maxDuration().plus(relay.writeTimeout()).plus(CONTAINER_MARGIN);
        return new RelayEmitter(blocks, timeout, listenerless, threads);
    }

    /** Starts no more of the writes that may wait for a browser. */
    @Override
    public void close() {
        threads.dispose();
    }
}
