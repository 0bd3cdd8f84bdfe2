package dev.aistream.autoconfigure;

import dev.aistream.AiStreamingTemplate;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends the open streams before the web server would cut them.
 *
 * <p>It stops in the phase of the web server's graceful shutdown: while the server takes no more connections, open
 * streams may end by themselves. Those that do not in time fail as {@code SHUTDOWN}, early enough that relays can
 * tell their browsers before the phase is over.
 */
final class AiShutdownLifecycle implements SmartLifecycle {

    /** That of Spring Boot's web servers, whose constant is not on every class path. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

    private static final long FAREWELL_MILLIS = 2000;

    private final List<AiStreamingTemplate> templates;
    private final Duration grace;
    private volatile boolean running;

    AiShutdownLifecycle(List<AiStreamingTemplate> templates, Duration grace) {
        this.templates = List.copyOf(templates);
        this.grace = grace;
    }

    /** Most of the phase's time; none where the server is to stop at once. */
    static Duration graceIn(Environment environment) {
        if ("immediate".equalsIgnoreCase(environment.getProperty("server.shutdown"))) {
            return Duration.ZERO;
        }
        Duration phase = DurationStyle.detectAndParse(
                environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s"));
        // Not Duration.dividedBy: it computes with BigDecimal, whose loading is felt at the start.
        return phase.minusMillis(Math.min(FAREWELL_MILLIS, phase.toMillis() / 2));
    }

    @Override
    public void start() {
        if (!running) {
            templates.forEach(AiStreamingTemplate::restart);
            running = true;
        }
    }

    @Override
    public void stop() {
        running = false;
        shutdown(Duration.ZERO).subscribe();
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        shutdown(grace)
                .onErrorResume(failure -> Mono.empty())
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    private Mono<Void> shutdown(Duration grace) {
        return Flux.fromIterable(templates)
                .flatMap(template -> template.shutdown(grace), Integer.MAX_VALUE)
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
