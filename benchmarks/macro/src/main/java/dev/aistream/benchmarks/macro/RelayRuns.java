package dev.aistream.benchmarks.macro;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An application between the model and a crowd of browsers, three processes. Its endpoint is the starter's, the floor, or
 * written by hand.
 */
final class RelayRuns {

    static final String RELAY = "relay";

    private static final List<String> ENDPOINTS = List.of(StreamClients.FLOOR, RELAY, StreamClients.BY_HAND);

    private static final long WINDOW_MILLIS = 3000;

    private final Path java;
    private final String classPath;
    private final String main;
    private final String modelUrl;

    private RelayRuns(Path java, String stack, String main, String modelUrl) {
        this.java = java;
        Path target = Path.of("benchmarks", "relay-" + stack, "target");
        this.classPath = target.resolve("classes") + ":" + target.resolve("lib") + "/*";
        this.main = "dev.aistream.benchmarks.relay." + stack + "." + main;
        this.modelUrl = modelUrl;
    }

    static RelayRuns servlet(Path java, String modelUrl) {
        return new RelayRuns(java, "servlet", "ServletRelayApplication", modelUrl);
    }

    static RelayRuns webflux(Path java, String modelUrl) {
        return new RelayRuns(java, "webflux", "WebFluxRelayApplication", modelUrl);
    }

    /**
     * Every endpoint, each in a fresh application.
     * @param usual 600 browsers, a token each 100 ms
     * @param crowded 1,000 browsers, a token each 250 ms: ours only
     * @param all whether that is measured too, and more than the floor and ours
     */
    void compare(Comparison usual, Comparison crowded, boolean all) throws IOException, InterruptedException {
        for (String endpoint : all ? ENDPOINTS : ENDPOINTS.subList(0, 2)) {
            try (Jvm app = start()) {
                int port = app.port();
                String path = endpoint.equals(RELAY) ? "/stream" : "/" + endpoint;
                usual.add(endpoint, measure(app, port, path, 600, 100));
                if (all && endpoint.equals(RELAY)) {
                    crowded.add(endpoint, measure(app, port, path, 1000, 250));
                }
            }
        }
    }

    private Jvm start() throws IOException {
        return Jvm.of(
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

    private Figures measure(Jvm app, int port, String path, int browsers, int millis)
            throws IOException, InterruptedException {
        List<String> arguments =
                List.of(Integer.toString(port), path, Integer.toString(browsers), Integer.toString(millis));
        ChunkServer.beginPaced(modelUrl);
        try (Jvm crowd = Jvm.of(java, CrowdMain.class, arguments)) {
            app.ask("warm");
            crowd.ask("start");
            app.ask("start");
            Thread.sleep(WINDOW_MILLIS);
            Figures used = app.ask("stop");
            Figures seen = crowd.ask("stop");
            double tokens = seen.get("tokens");
            Figures figures = used.dividedBy(tokens, "cpuMicros", "bytes");
            figures.values().putAll(seen.values());
            double sent = ChunkServer.endPaced(modelUrl);
            figures.values().put("complete", crowd.ask("end").get("read") / sent);
            return figures;
        }
    }
}
