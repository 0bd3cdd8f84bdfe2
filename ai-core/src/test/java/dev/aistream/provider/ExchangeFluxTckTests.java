package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.testng.SkipException;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** The rules of Reactive Streams for publishers, as their own test kit checks them. */
class ExchangeFluxTckTests {

    private static final int MILLIS = 200;

    /** What the kit leaves untested, and the optional rule of publishers that serve several subscribers one stream. */
    private static boolean applies(Method rule) {
        return rule.isAnnotationPresent(Test.class)
                && !rule.getName().startsWith("untested_")
                && !rule.getName().contains("multicast");
    }

    @TestFactory
    Stream<DynamicTest> keepsEveryRule() {
        return Arrays.stream(Verification.class.getMethods())
                .filter(ExchangeFluxTckTests::applies)
                .sorted(Comparator.comparing(Method::getName))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> check(rule)));
    }

    private static void check(Method rule) throws Throwable {
        Verification verification = new Verification();
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException thrown) {
            Assumptions.assumeFalse(
                    thrown.getCause() instanceof SkipException,
                    () -> thrown.getCause().getMessage());
            throw thrown.getCause();
        }
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
