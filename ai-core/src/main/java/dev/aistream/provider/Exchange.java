package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One HTTP exchange. */
@FunctionalInterface
interface Exchange {

    /**
     * Prepares the exchange.
     * @param listener given the response that is to be decoded, if there is one
     * @return sends the request when it is subscribed to; fails where no response comes that is to be decoded, and says
     *     nothing after the listener has one. Cancelling closes the connection; from then on, cancelling the body does.
     */
    Mono<Void> open(Listener listener);

    /** Whether an exchange that has no connection yet waits for one of the pool. */
    default boolean poolIsExhausted() {
        return false;
    }

    interface Listener {

        /** There is a connection, and the request is being written to it. */
        void sending();

        /**
         * A response that is to be decoded. Not the result of {@link #open}, where each buffer would pass what a {@code
         * WebClient} puts around the body.
         */
        void accepted(ResponseHead head, StreamDecoder decoder, Flux<DataBuffer> body);

        /** The head of any other response: the exchange is going to fail, by a clock of its own. */
        void refused();
    }
}
