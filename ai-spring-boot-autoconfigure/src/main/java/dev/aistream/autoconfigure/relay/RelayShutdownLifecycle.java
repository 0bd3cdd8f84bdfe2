package dev.aistream.autoconfigure.relay;

import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sees to it that every browser is told before the web server cuts its connection.
 *
 * <p>It stops in the phase of the web server's graceful shutdown, beside the calls' own. What is then still open has
 * a reader that takes nothing, and is given up so that the phase need not wait for it.
 */
final class RelayShutdownLifecycle implements SmartLifecycle {

    /** That of Spring Boot's web servers, whose constant is not on every class path. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

    private static final Duration FAREWELL = Duration.ofMillis(500);

    private final Supplier<List<StreamRelay>> relays;
    private final Duration grace;
    private volatile boolean running;

    /**
     * Made with every application, whether it relays or not.
     * @param relays asked at the end, for those that were made by then
     */
    RelayShutdownLifecycle(Supplier<List<StreamRelay>> relays, Duration grace) {
        this.relays = relays;
        this.grace = grace;
    }

    /** The phase's time but for the farewells; none where the server is to stop at once. */
    static Duration graceIn(Environment environment) {
        if ("immediate".equalsIgnoreCase(environment.getProperty("server.shutdown"))) {
            return Duration.ZERO;
        }
        Duration phase = DurationStyle.detectAndParse(
                environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s"));
        Duration farewells = FAREWELL.plus(FAREWELL);
        return phase.compareTo(farewells) > 0 ? phase.minus(farewells) : Duration.ZERO;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        shutdown(Duration.ZERO).subscribe();
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        shutdown(grace).doFinally(signal -> callback.run()).subscribe();
    }

    private Mono<Void> shutdown(Duration grace) {
        return Flux.fromIterable(relays.get())
                .flatMap(relay -> relay.shutdown(grace, FAREWELL))
                .then();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
