package dev.aistream.samples.chat;

import dev.aistream.samples.page.SampleProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The whole application: the starter's relay streams, the page shows. */
@SpringBootApplication(scanBasePackages = "dev.aistream.samples")
public class ChatApplication {

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(ChatApplication.class);
        application.setDefaultProperties(SampleProvider.fromEnvironment(System.getenv()));
        application.run(args);
    }
}
