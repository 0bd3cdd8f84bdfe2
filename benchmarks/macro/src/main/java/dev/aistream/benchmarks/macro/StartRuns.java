package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts one WebFlux application without the starter and with it, in turn, each time in a fresh process. */
final class StartRuns {

    private static final String MAIN = "dev.aistream.benchmarks.start.StartApplication";
    private static final List<String> ARGUMENTS = List.of(
            "--server.port=0",
            "--server.address=127.0.0.1",
            "--logging.level.root=warn",
            "--spring.main.banner-mode=off",
            "--spring.reactor.netty.shutdown-quiet-period=0s",
            "--ai.openai.api-key=key");

    private StartRuns() {}

    static Comparison run(Path java, int times) throws IOException {
        Comparison comparison =
                new Comparison("Start of a WebFlux application", "with the starter", "readyMillis", "sinceJvmMillis");
        Path benchmarks = Path.of("benchmarks");
        String classes = benchmarks.resolve("start/target/classes").toString();
        for (int time = 0; time < times; time++) {
            comparison.add("WebFlux", start(java, classes + ":" + benchmarks.resolve("start/target/lib") + "/*"));
            comparison.add(
                    "with the starter",
                    start(java, classes + ":" + benchmarks.resolve("relay-webflux/target/lib") + "/*"));
        }
        return comparison;
    }

    private static Figures start(Path java, String classPath) throws IOException {
        try (Jvm application = Jvm.of(java, List.of(), classPath, MAIN, ARGUMENTS)) {
            return application.read();
        }
    }
}
