package dev.aistream.benchmarks.macro;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** How the runner leads a process, by lines to its standard input, such as when the window that is measured begins. */
public final class Control {

    private static final long LEAST_WARM_UP_MILLIS = 5000;
    /** Long: where three run at once, they leave the compiler little of two cores. */
    private static final long THEN_MILLIS = 30_000;

    private Control() {}

    /**
     * An application: it tells its port, then when it is warm, and what it uses in each window. Returns when the runner
     * has gone.
     */
    public static void serve(int port) throws Exception {
        System.out.println("port=" + port);
        Meter meter = new Meter();
        serve(Map.of(
                "warm",
                () -> {
                    new WarmUp(LEAST_WARM_UP_MILLIS, THEN_MILLIS).await();
                    return of("warm", 1);
                },
                "start",
                () -> {
                    meter.start();
                    return of("started", 1);
                },
                "stop",
                () -> meter.stop(1)));
    }

    static void serve(Map<String, Callable<Figures>> answers) throws Exception {
        serve(line -> Objects.requireNonNull(answers.get(line), line).call());
    }

    /** Answers each line with a line. */
    static void serve(Answers answers) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answers.to(line));
        }
    }

    /** What a process answers. */
    @FunctionalInterface
    interface Answers {

        Figures to(String line) throws Exception;
    }

    static Figures of(String name, double value) {
        return new Figures(new TreeMap<>(Map.of(name, value)));
    }
}
