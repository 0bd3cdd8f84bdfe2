package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts one WebFlux application without the starter and with it, in turn, each time in a fresh process. */
final class StartRuns {

    private static final Path WITHOUT = Path.of("benchmarks/start/target/lib");
    private static final Path WITH = Path.of("benchmarks/relay-webflux/target/lib");
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
        String plain = Path.of("benchmarks/start/target/classes") + jars(WITHOUT, Set.of());
        String starter = plain + jars(WITH, names(WITHOUT));
        // Not counted: whoever is first reads the libraries from disk.
        start(java, plain);
        start(java, starter);
        for (int time = 0; time < times; time++) {
            // Either goes first as often as the other, for what comes second finds the machine warmer.
            Figures second = time % 2 == 0 ? null : start(java, starter);
            comparison.add("WebFlux", start(java, plain));
            comparison.add("with the starter", second != null ? second : start(java, starter));
        }
        return comparison;
    }

    /** In one order for both, and what the starter brings at the end, where Maven puts a dependency that is added. */
    private static String jars(Path lib, Set<String> others) throws IOException {
        return names(lib).stream()
                .filter(name -> !others.contains(name) && !name.startsWith("ai-benchmarks"))
                .map(name -> ":" + lib.resolve(name))
                .collect(Collectors.joining());
    }

    private static Set<String> names(Path lib) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Figures start(Path java, String classPath) throws IOException {
        try (Jvm application = Jvm.of(java, classPath, MAIN, ARGUMENTS)) {
            return application.read();
        }
    }
}
