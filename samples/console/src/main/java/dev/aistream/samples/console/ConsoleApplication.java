package dev.aistream.samples.console;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Prints an answer as it is generated.
 *
 * <p>Ctrl-C closes the application context, which ends the stream and closes the provider's connection.
 */
@SpringBootApplication
public class ConsoleApplication {

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(ConsoleApplication.class);
        boolean keyThere = !System.getenv().getOrDefault("OPENAI_API_KEY", "").isBlank();
        application.setDefaultProperties(Map.of("ai.provider", keyThere ? "openai" : "simulated"));
        application.run(args);
    }

    @Bean
    ApplicationRunner printAnswer(AiStreamingTemplate ai) {
        return arguments -> print(ai, prompt(arguments), System.out);
    }

    private static String prompt(ApplicationArguments arguments) {
        return arguments.getNonOptionArgs().isEmpty()
                ? "Explain server-sent events in one paragraph."
                : String.join(" ", arguments.getNonOptionArgs());
    }

    static void print(AiStreamingTemplate ai, String prompt, PrintStream out) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        ai.stream(prompt)
                .text()
                .doFinally(signal -> ended.countDown())
                .subscribe(out::print, failure -> out.println("\n[" + explain(failure) + "]"), out::println);
        ended.await();
    }

    private static String explain(Throwable failure) {
        return failure instanceof ChatException chat
                ? chat.kind() + ": " + chat.getMessage() + " " + chat.advice()
                : failure.toString();
    }
}
