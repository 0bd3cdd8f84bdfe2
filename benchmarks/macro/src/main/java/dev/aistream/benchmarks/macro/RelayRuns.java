package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applications between a model and a crowd of browsers, each with both of its own. Their endpoint is the starter's, the
 * floor, or written by hand. Those that are compared run at once, so that what else the machine does meets all alike.
 */
final class RelayRuns {

    static final String RELAY = "relay";

    private static final List<String> PAIR = List.of(StreamClients.FLOOR, RELAY);
    private static final List<String> ALL = List.of(StreamClients.FLOOR, RELAY, StreamClients.BY_HAND);

    private static final int WARM_UPS = 2;
    private static final long WARM_UP_MILLIS = 1500;
    private static final long WINDOW_MILLIS = 4000;

    private final Path java;
    private final String classPath;
    private final String main;

    private RelayRuns(Path java, String stack, String main) {
        this.java = java;
        Path target = Path.of("benchmarks", "relay-" + stack, "target");
        this.classPath = target.resolve("classes") + ":" + target.resolve("lib") + "/*";
        this.main = "dev.aistream.benchmarks.relay." + stack + "." + main;
    }

    static RelayRuns servlet(Path java) {
        return new RelayRuns(java, "servlet", "ServletRelayApplication");
    }

    static RelayRuns reactive(Path java) {
        return new RelayRuns(java, "webflux", "WebFluxRelayApplication");
    }

    /**
     * Every endpoint at once, each in a fresh application.
     * @param usual 600 browsers each, a token each 100 ms
     * @param crowded then 1,000 browsers, a token each 250 ms, of ours only
     * @param byHand whether a controller written by hand takes part
     * @param crowd whether the 1,000 come
     */
    void compare(Comparison usual, Comparison crowded, boolean byHand, boolean crowd)
            throws IOException, InterruptedException {
        List<App> apps = new ArrayList<>();
        try {
            for (String endpoint : byHand ? ALL : PAIR) {
                apps.add(new App(endpoint));
            }
            for (App app : apps) {
                app.port = app.server.port();
            }
            for (App app : apps) {
                app.warmUp();
            }
            measure(apps, usual, 600, 100);
            if (crowd) {
                List<App> ours =
                        apps.stream().filter(app -> app.endpoint.equals(RELAY)).toList();
                measure(ours, crowded, 1000, 250);
            }
        } finally {
            apps.forEach(App::close);
        }
    }

    private static void measure(List<App> apps, Comparison comparison, int browsers, int millis)
            throws IOException, InterruptedException {
        for (App app : apps) {
            app.open(browsers, millis);
        }
        apps.forEach(app -> app.server.tell("warm"));
        for (App app : apps) {
            app.server.read();
        }
        for (App app : apps) {
            app.start();
        }
        Thread.sleep(WINDOW_MILLIS);
        for (App app : apps) {
            app.stop();
        }
        for (App app : apps) {
            comparison.add(app.endpoint, app.end());
        }
    }

    /** One endpoint, its model, and its crowd while there is one. */
    private final class App implements AutoCloseable {

        private final String endpoint;
        private final String path;
        private final Jvm model;
        private final String modelUrl;
        private final Jvm server;
        private int port;
        private @Nullable Jvm crowd;
        private Figures figures = new Figures(new TreeMap<>());

        App(String endpoint) throws IOException {
            this.endpoint = endpoint;
            this.path = endpoint.equals(RELAY) ? "/stream" : "/" + endpoint;
            this.model = Jvm.of(java, ChunkServer.class, List.of());
            this.modelUrl = "http://127.0.0.1:" + model.port() + "/v1";
            this.server = Jvm.of(
                    java,
                    classPath,
                    main,
                    List.of(
                            "--server.port=0",
                            "--server.address=127.0.0.1",
                            "--logging.level.root=warn",
                            "--spring.main.banner-mode=off",
                            "--spring.reactor.netty.shutdown-quiet-period=0s",
                            "--ai.openai.api-key=key",
                            "--ai.openai.base-url=" + modelUrl,
                            "--ai.relay.enabled=true"));
        }

        /**
         * Whole answers, quickly, and more than once: what happens once in dozens of tokens or at an answer's end undoes
         * what was compiled without it, seconds after a slow crowd has come.
         */
        void warmUp() throws IOException, InterruptedException {
            for (int i = 0; i < WARM_UPS; i++) {
                ChunkServer.beginPaced(modelUrl);
                Thread reading = CrowdMain.start(port, path, 100, 4);
                Thread.sleep(WARM_UP_MILLIS);
                ChunkServer.endPaced(modelUrl);
                reading.join();
            }
        }

        void open(int browsers, int millis) throws IOException {
            ChunkServer.beginPaced(modelUrl);
            List<String> arguments =
                    List.of(Integer.toString(port), path, Integer.toString(browsers), Integer.toString(millis));
            crowd = Jvm.of(java, CrowdMain.class, arguments);
        }

        void start() throws IOException {
            crowd().ask("start");
            server.ask("start");
        }

        void stop() throws IOException {
            Figures used = server.ask("stop");
            Figures seen = crowd().ask("stop");
            figures = used.dividedBy(seen.get("tokens"), "cpuMicros", "bytes");
            figures.values().putAll(seen.values());
        }

        Figures end() throws IOException {
            double sent = ChunkServer.endPaced(modelUrl);
            figures.values().put("complete", crowd().ask("end").get("read") / sent);
            crowd().close();
            return figures;
        }

        private Jvm crowd() {
            return Objects.requireNonNull(crowd);
        }

        @Override
        public void close() {
            if (crowd != null) {
                crowd.close();
            }
            server.close();
            model.close();
        }
    }
}
