package dev.aistream.autoconfigure;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatRequest;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What {@link AotTests} processes and starts. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    HttpClientAutoConfiguration.class,
    ReactiveHttpClientAutoConfiguration.class,
    WebClientAutoConfiguration.class,
    AiHttpAutoConfiguration.class,
    AnthropicAutoConfiguration.class,
    GeminiAutoConfiguration.class,
    OllamaAutoConfiguration.class,
    OpenAiAutoConfiguration.class,
    OpenAiCompatibleAutoConfiguration.class,
    SimulatedAutoConfiguration.class,
    AiAutoConfiguration.class
})
class AotApplication {

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(AotApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            AiStreamingTemplate template = context.getBean(AiStreamingTemplate.class);
            boolean text = !template.generate(ChatRequest.builder()
                            .provider("simulated")
                            .prompt("Hello")
                            .build())
                    .block()
                    .text()
                    .isEmpty();
            System.out.println("providers: " + template.providers() + ", text: " + text);
        }
    }
}
