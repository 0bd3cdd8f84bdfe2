package dev.aistream.benchmarks.start;

import java.lang.management.ManagementFactory;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells how long it took until it was ready: from {@code run}, and from the start of the JVM. Then it ends. */
@SpringBootApplication
@RestController
class StartApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(StartApplication.class, arguments);
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        System.out.println(
                "readyMillis=" + Objects.requireNonNull(event.getTimeTaken()).toNanos() / 1e6 + " sinceJvmMillis="
                        + ManagementFactory.getRuntimeMXBean().getUptime());
        Runtime.getRuntime().halt(0);
    }

    @GetMapping("/")
    String hello() {
        return "Hello";
    }
}
