package dev.aistream.autoconfigure;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends the open streams before the web server would cut them, and sees to it that every browser is told.
 *
 * <p>It stops in the phase of the web server's graceful shutdown: while the server takes no more connections, open
 * streams may end by themselves. Those that do not in time fail as {@code SHUTDOWN}, early enough that relays can
 * tell their browsers before the phase is over. What is then still open has a reader that takes nothing, and is given
 * up so that the phase need not wait for it.
 */
final class AiShutdownLifecycle implements SmartLifecycle {

    /** That of Spring Boot's web servers, whose constant is not on every class path. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

    /** Of the phase, what calls leave to relays. */
    private static final long RELAY_MILLIS = 2000;

    private static final Duration FAREWELL = Duration.ofMillis(500);

    private final ConfigurableListableBeanFactory beans;
    private final Duration phase;
    private volatile boolean running;
    private volatile boolean stopped;

    /**
     * Made with every application, whether it calls and relays or not.
     * @param beans asked at the end, for the templates and relays that were made by then
     * @param phase how long the shutdown may take, zero to end all at once
     */
    AiShutdownLifecycle(ConfigurableListableBeanFactory beans, Duration phase) {
        this.beans = beans;
        this.phase = phase;
    }

    /** None where the server is to stop at once. */
    static Duration phaseIn(Environment environment) {
        return "immediate".equalsIgnoreCase(environment.getProperty("server.shutdown"))
                ? Duration.ZERO
                : DurationStyle.detectAndParse(
                        environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s"));
    }

    @Override
    public void start() {
        if (stopped) {
            stopped = false;
            made(AiStreamingTemplate.class).forEach(AiStreamingTemplate::restart);
        }
        running = true;
    }

    @Override
    public void stop() {
        shutdown(Duration.ZERO).subscribe();
    }

    @Override
    public void stop(Runnable callback) {
        shutdown(phase).doFinally(signal -> callback.run()).subscribe();
    }

    private Mono<Void> shutdown(Duration phase) {
        stopped = true;
        running = false;
        Duration calls = callsWithin(phase);
        Duration relays = relaysWithin(phase);
        // Each to its end, whatever comes of the other.
        return Mono.whenDelayError(
                Flux.fromIterable(made(AiStreamingTemplate.class))
                        .flatMap(template -> template.shutdown(calls), Integer.MAX_VALUE),
                Flux.fromIterable(made(StreamRelay.class))
                        .flatMap(relay -> relay.shutdown(relays, FAREWELL), Integer.MAX_VALUE));
    }

    /** Most of the phase. Not Duration.dividedBy: it computes with BigDecimal, whose loading is felt at the start. */
    static Duration callsWithin(Duration phase) {
        return phase.minusMillis(Math.min(RELAY_MILLIS, phase.toMillis() / 2));
    }

    /** The phase but for the farewells. */
    static Duration relaysWithin(Duration phase) {
        Duration farewells = FAREWELL.plus(FAREWELL);
        return phase.compareTo(farewells) > 0 ? phase.minus(farewells) : Duration.ZERO;
    }

    /** Those of the application and of its parents, none where nobody has asked for one. */
    private <T> List<T> made(Class<T> type) {
        List<T> made = new ArrayList<>();
        BeanFactory level = beans;
        while (level instanceof ConfigurableListableBeanFactory here) {
            for (String name : here.getBeanNamesForType(type, true, false)) {
                if (here.containsSingleton(name)) {
                    made.add(here.getBean(name, type));
                }
            }
            level = here.getParentBeanFactory();
        }
        return made;
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
