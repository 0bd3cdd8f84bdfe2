package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One call, its one answer, and one reader of it while it streams.
 *
 * <p>Nothing is sent before the first subscription. The first one to {@link #text()}, {@link #events()} or the
 * terminal operation of {@link #toStream()} claims the call; every other, a re-subscription by {@code retry()}
 * included, fails with {@link IllegalStateException} and sends nothing. Two live readers: {@code events().publish()}.
 * Another answer: {@link AiStreamingTemplate#stream(dev.aistream.chat.ChatRequest) stream(request)} again.
 *
 * <p>Signals come on the provider's network thread. A stream that was {@linkplain AiStreamingTemplate#open opened}
 * has its call running already, and is given up when nobody reads it within 60 seconds.
 *
 * <p>Thread-safe.
 */
public final class ChatStream {

    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Consumer<CoreSubscriber<? super ChatEvent>> call;
    private final Flux<ChatEvent> events = new Events();
    private final ResponseReader response;

    /**
     * A stream whose reader is connected by {@code call}.
     * @param outcome where the call leaves what came of it
     * @param call called at most once
     */
    ChatStream(Outcome outcome, Consumer<CoreSubscriber<? super ChatEvent>> call) {
        this.call = call;
        this.response = new ResponseReader(outcome);
    }

    /**
     * The text, fragment by fragment as the provider sends it; joined it is the provider's text to the character.
     * @return completes when the provider's own completion signal was seen; fails with {@link ChatException};
     *     cancelling closes the provider's connection. What is not asked for stays in the provider's socket.
     */
    public Flux<String> text() {
        return TextFlux.of(events);
    }

    /**
     * Everything that happens: {@link ChatEvent.ResponseStart}, then deltas, then {@link ChatEvent.ResponseEnd}.
     * @return completes after {@code ResponseEnd}; fails with {@link ChatException} without it; cancelling closes the
     *     provider's connection. What is not asked for stays in the provider's socket.
     */
    public Flux<ChatEvent> events() {
        return events;
    }

    /**
     * The text for blocking code, best on a virtual thread. The request is sent by the terminal operation, which
     * reads at most {@value TextSpliterator#PREFETCH} fragments ahead.
     *
     * <p>The provider's connection is released at the end, on an error, by an interrupt, by {@link Stream#close()},
     * and when the code that reads throws; close it where reading may stop early, as with {@code limit}.
     * @return its terminal operation throws {@link ChatException} where the answer fails, of kind {@code CANCELLED}
     *     where the thread is interrupted or the stream closed; {@link IllegalStateException}, with nothing sent,
     *     where the call has its reader already, or on a thread that must not block
     */
    public Stream<String> toStream() {
        return TextSpliterator.stream(text());
    }

    /**
     * The answer as a whole. Folds what the reader pulls and asks for nothing itself; where there is no reader, it
     * becomes the reader and pulls everything.
     * @return the same outcome for any number of subscribers, before and after the end. Fails with
     *     {@link ChatException} as the stream did, of kind {@code CANCELLED} where the reader cancelled, and
     *     {@code KEPT_TEXT_LIMIT} where the answer was longer than {@code ai.max-kept-text}. Cancelling the last
     *     subscriber closes the provider's connection if there is no other reader, and does nothing otherwise.
     */
    public Mono<ChatResponse> response() {
        return Mono.deferContextual(context -> {
            response.retain();
            if (claim()) {
                call.accept(response.drain(context));
            }
            return response.asMono();
        });
    }

    private boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    static IllegalStateException claimed() {
        return new IllegalStateException("This call has been subscribed to already: it is made once and read once."
                + " For two readers use events().publish(), for another answer call the template again.");
    }

    private final class Events extends Flux<ChatEvent> {

        @Override
        public void subscribe(CoreSubscriber<? super ChatEvent> reader) {
            if (claim()) {
                call.accept(reader);
            } else {
                Operators.error(reader, claimed());
            }
        }
    }
}
