package dev.aistream.provider;

import dev.aistream.TckSuite;
import dev.aistream.chat.ChatEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;

/** The rules of Reactive Streams for publishers, as their own test kit checks them. */
class ExchangeFluxTckTests {

    private static final int MILLIS = 200;

    @TestFactory
    Stream<DynamicTest> keepsEveryRule() {
        return TckSuite.of(new Verification());
    }

    public static final class Verification extends PublisherVerification<ChatEvent> {

        public Verification() {
            super(new TestEnvironment(MILLIS, MILLIS), MILLIS);
        }

        @Override
        public Publisher<ChatEvent> createPublisher(long elements) {
            return ExchangeFluxTests.decoding(letters(elements));
        }

        private static Flux<DataBuffer> letters(long count) {
            return Flux.generate(() -> 0L, (sent, sink) -> {
                if (sent < count) {
                    sink.next(buffer("a"));
                } else {
                    sink.next(buffer(";"));
                    sink.complete();
                }
                return sent + 1;
            });
        }

        private static DataBuffer buffer(String text) {
            return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public Publisher<ChatEvent> createFailedPublisher() {
            return ExchangeFluxTests.decoding(Flux.error(new IOException("no connection")));
        }
    }
}
