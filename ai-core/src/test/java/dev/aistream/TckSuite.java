package dev.aistream;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.annotations.Test;

/** Runs the Reactive Streams TCK, which is written for TestNG, as tests of JUnit. */
public final class TckSuite {

    /** Optional, and not for a publisher with one reader. */
    private static final String SEVERAL_SUBSCRIBERS = "optional_spec111";

    private TckSuite() {}

    /**
     * Each rule of the specification for a publisher that one subscriber reads.
     * @param verification makes the publishers
     */
    public static Stream<DynamicTest> of(PublisherVerification<?> verification) {
        return Arrays.stream(verification.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .filter(method -> !method.getName().startsWith("untested_"))
                .filter(method -> !method.getName().startsWith(SEVERAL_SUBSCRIBERS))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(verification, method)));
    }

    private static void run(PublisherVerification<?> verification, Method rule) throws Throwable {
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
