package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;

/** One HTTP exchange, sent when the returned body is subscribed to; cancelling closes its connection. */
@FunctionalInterface
interface Exchange {

    /**
     * Prepares the exchange.
     * @param listener told of the response head before the first buffer
     * @return the body; fails where there is none to decode
     */
    Publisher<DataBuffer> open(Listener listener);

    /** Whether an exchange that has no connection yet waits for one of the pool. */
    default boolean poolIsExhausted() {
        return false;
    }

    interface Listener {

        /** There is a connection, and the request is being written to it. */
        void sending();

        /** The head of a response that is to be decoded. */
        void accepted(ResponseHead head, StreamDecoder decoder);

        /** The head of any other response: the body is going to fail, by a clock of its own. */
        void refused();
    }
}
