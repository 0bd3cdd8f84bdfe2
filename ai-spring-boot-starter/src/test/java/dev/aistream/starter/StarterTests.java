package dev.aistream.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.AiStreamingTemplate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;
import reactor.test.StepVerifier;

/** The starter in an application, with nothing on the class path but what the application brings itself. */
@ExtendWith(OutputCaptureExtension.class)
class StarterTests {

    private static final WebApplicationType EXPECTED =
            WebApplicationType.valueOf(System.getProperty("expected.type", "NONE"));

    @Test
    void leavesTheApplicationTypeAlone() {
        assertThat(new SpringApplication(Application.class).getWebApplicationType())
                .isEqualTo(EXPECTED);
    }

    /** Spring Boot prepares them beside the start wherever they are; see docs/decisions/start.md. */
    @Test
    void bringsMessageConvertersOnlyWhereTheApplicationDoes() {
        String converters =
                "org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration";

        assertThat(ClassUtils.isPresent(converters, null)).isEqualTo(EXPECTED == WebApplicationType.SERVLET);
    }

    @Test
    void streamsWithoutKeyAndNetwork() {
        try (ConfigurableApplicationContext context = run("--ai.provider=simulated")) {
            AiStreamingTemplate template = context.getBean(AiStreamingTemplate.class);

            StepVerifier.create(template.stream("Hello").text().collectList())
                    .assertNext(fragments -> assertThat(fragments).hasSizeGreaterThan(1))
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
            assertThat(context.getClass().getSimpleName().contains("WebServer"))
                    .isEqualTo(EXPECTED != WebApplicationType.NONE);
        }
    }

    @Test
    void saysWhichPropertyIsMissing(CapturedOutput output) {
        assertThatThrownBy(StarterTests::run).isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("'ai.openai.api-key' is not set")
                .contains("set 'ai.provider=simulated' to go without key and network");
    }

    @Test
    void saysWhichValueIsWrong(CapturedOutput output) {
        assertThatThrownBy(() -> run("--ai.openai.api-key=sk-test", "--ai.openai.timeout=0s"))
                .isNotNull();

        assertThat(output)
                .contains("Failed to bind properties under 'ai.openai'")
                .contains("timeout must be longer than zero, was PT0S")
                .doesNotContain("sk-test");
    }

    private static ConfigurableApplicationContext run(String... arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(
                Map.of("server.port", "0", "spring.reactor.netty.shutdown-quiet-period", "0s"));
        return application.run(arguments);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
