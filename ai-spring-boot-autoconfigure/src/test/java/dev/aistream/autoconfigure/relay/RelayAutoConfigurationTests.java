package dev.aistream.autoconfigure.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.webflux.RelayWebFluxAutoConfiguration;
import dev.aistream.autoconfigure.relay.webflux.WebFluxStreamRelay;
import dev.aistream.autoconfigure.relay.webmvc.RelayWebMvcAutoConfiguration;
import dev.aistream.autoconfigure.relay.webmvc.WebMvcStreamRelay;
import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@ExtendWith(OutputCaptureExtension.class)
class RelayAutoConfigurationTests {

    private static final AutoConfigurations RELAYS = AutoConfigurations.of(
            RelayAutoConfiguration.class, RelayWebMvcAutoConfiguration.class, RelayWebFluxAutoConfiguration.class);

    private final WebApplicationContextRunner servlet =
            new WebApplicationContextRunner().withConfiguration(RELAYS).withUserConfiguration(Template.class);
    private final ReactiveWebApplicationContextRunner reactive =
            new ReactiveWebApplicationContextRunner().withConfiguration(RELAYS).withUserConfiguration(Template.class);

    @Test
    void endpointIsOffByDefaultAndTheConverterIsThere() {
        servlet.run(context -> assertThat(context)
                .hasSingleBean(WebMvcStreamRelay.class)
                .doesNotHaveBean(WebFluxStreamRelay.class)
                .doesNotHaveBean(RelayRequests.class)
                .doesNotHaveBean("aiWebMvcRelayController"));
        reactive.run(context -> assertThat(context)
                .hasSingleBean(WebFluxStreamRelay.class)
                .doesNotHaveBean(WebMvcStreamRelay.class)
                .doesNotHaveBean("aiWebFluxRelayController"));
    }

    @Test
    void endpointIsThereWhereItIsEnabled() {
        servlet.withPropertyValues("ai.relay.enabled=true")
                .run(context -> assertThat(context).hasBean("aiWebMvcRelayController"));
        reactive.withPropertyValues("ai.relay.enabled=true")
                .run(context -> assertThat(context).hasBean("aiWebFluxRelayController"));
    }

    @Test
    void nothingIsThereWithoutWebOrWhereEverythingIsOff() {
        new ApplicationContextRunner()
                .withConfiguration(RELAYS)
                .withPropertyValues("ai.relay.enabled=true")
                .run(context -> assertThat(context).doesNotHaveBean(StreamRelay.class));
        servlet.withPropertyValues("ai.enabled=false", "ai.relay.enabled=true")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(StreamRelay.class)
                        .doesNotHaveBean(WebMvcStreamRelay.class));
    }

    @Test
    void servletConverterNeedsSpringMvc() {
        servlet.withClassLoader(new FilteredClassLoader(SseEmitter.class))
                .run(context -> assertThat(context).doesNotHaveBean(WebMvcStreamRelay.class));
    }

    @Test
    void backsOffWhenUserDefinesRelay() {
        servlet.withUserConfiguration(OwnRelay.class).run(context -> {
            assertThat(context).hasSingleBean(StreamRelay.class).hasSingleBean(WebMvcStreamRelay.class);
            assertThat(context.getBean(StreamRelay.class).maxDuration()).isEqualTo(Duration.ofHours(1));
        });
    }

    @Test
    void applicationThatRelaysNothingMakesNoRelay() {
        servlet.run(context -> assertThat(List.of(context.getBeanFactory().getSingletonNames()))
                .contains("aiRelayShutdownLifecycle")
                .noneMatch(name -> name.endsWith("StreamRelay") || name.endsWith("RelayProperties")));
        servlet.withPropertyValues("ai.relay.enabled=true")
                .run(context -> assertThat(List.of(context.getBeanFactory().getSingletonNames()))
                        .contains("aiStreamRelay", "aiWebMvcStreamRelay"));
    }

    @Test
    void retryIsTheDefaultProvidersRetryIntervalUnlessItIsSet() {
        servlet.run(context ->
                assertThat(context.getBean(StreamRelay.class).retry()).isEqualTo(Duration.ofSeconds(3)));
        servlet.withPropertyValues("ai.openai.retry-interval=5s")
                .run(context ->
                        assertThat(context.getBean(StreamRelay.class).retry()).isEqualTo(Duration.ofSeconds(5)));
        servlet.withPropertyValues("ai.openai.retry-interval=5s", "ai.relay.retry=250ms")
                .run(context ->
                        assertThat(context.getBean(StreamRelay.class).retry()).isEqualTo(Duration.ofMillis(250)));
    }

    @Test
    void warnsOnceThatTheEndpointIsOpenWithoutSpringSecurity(CapturedOutput output) {
        servlet.withPropertyValues("ai.relay.enabled=true", "ai.relay.path=/ask")
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getOut().lines().filter(line -> line.contains("/ask is open to everybody")))
                .hasSize(1)
                .allMatch(line -> line.contains("WARN") && line.contains("costs money"));
    }

    @Test
    void saysNothingWithSpringSecurityOrWithoutEndpoint(CapturedOutput output) {
        servlet.withPropertyValues("ai.relay.enabled=true").run(context -> {});
        servlet.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> {});

        assertThat(output).doesNotContain("open to everybody");
    }

    @Test
    void refusesPropertiesOutOfRange() {
        for (String property : new String[] {
            "heartbeat=-1s", "write-timeout=0s", "max-streams=0", "path=stream", "allow.options=nonsense"
        }) {
            servlet.withPropertyValues("ai.relay." + property)
                    .run(context -> assertThat(context)
                            .hasFailed()
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining(property.substring(0, property.indexOf('='))));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Template {

        @Bean
        AiStreamingTemplate template() {
            return AiStreamingTemplate.builder().model(new TestModel()).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRelay {

        @Bean
        StreamRelay ownRelay() {
            return StreamRelay.builder().maxDuration(Duration.ofHours(1)).build();
        }
    }
}
