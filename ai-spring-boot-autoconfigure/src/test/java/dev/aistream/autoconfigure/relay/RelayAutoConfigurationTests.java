package dev.aistream.autoconfigure.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.AiAutoConfiguration;
import dev.aistream.autoconfigure.AiHttpAutoConfiguration;
import dev.aistream.autoconfigure.AnthropicAutoConfiguration;
import dev.aistream.autoconfigure.OpenAiAutoConfiguration;
import dev.aistream.autoconfigure.OpenAiCompatibleAutoConfiguration;
import dev.aistream.autoconfigure.relay.webflux.RelayWebFluxAutoConfiguration;
import dev.aistream.autoconfigure.relay.webflux.WebFluxStreamRelay;
import dev.aistream.autoconfigure.relay.webmvc.RelayWebMvcAutoConfiguration;
import dev.aistream.autoconfigure.relay.webmvc.WebMvcStreamRelay;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@ExtendWith(OutputCaptureExtension.class)
class RelayAutoConfigurationTests {

    private static final AutoConfigurations RELAYS = AutoConfigurations.of(
            AiAutoConfiguration.class,
            RelayAutoConfiguration.class,
            RelayWebMvcAutoConfiguration.class,
            RelayWebFluxAutoConfiguration.class);

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
    void lifecycleBacksOffByItsName() {
        reactive.withBean("aiStreamShutdownLifecycle", String.class, () -> "mine")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SmartLifecycle.class));
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
                .withUserConfiguration(Template.class)
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
                .contains("aiStreamShutdownLifecycle")
                .noneMatch(name -> name.endsWith("StreamRelay") || name.endsWith("RelayProperties")));
        servlet.withPropertyValues("ai.relay.enabled=true")
                .run(context -> assertThat(List.of(context.getBeanFactory().getSingletonNames()))
                        .contains("aiStreamRelay", "aiWebMvcStreamRelay"));
    }

    @Test
    void relayOfAParentContextTellsItsBrowsersThatTheApplicationStops() {
        try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(OwnRelay.class)) {
            StreamRelay relay = parent.getBean(StreamRelay.class);
            servlet.withParent(parent)
                    .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=1s")
                    .run(context -> StepVerifier.create(relay.blocks(Flux.never(), RelayHead.AT_ONCE))
                            .expectNextCount(1)
                            .then(context::stop)
                            .expectNextMatches(block -> block.contains("\"kind\":\"shutdown\""))
                            .expectComplete()
                            .verify(Duration.ofSeconds(10)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "", textBlock = """
            ai.openai.api-key=k            |                                                | PT3S
            ai.openai.api-key=k            | ai.openai.retry-interval=5s                    | PT5S
            ai.openai.retry-interval=5s    | ai.relay.retry=250ms                           | PT0.25S
            ai.anthropic.api-key=k         | ai.anthropic.retry-interval=9s                 | PT9S
            ai.provider=groq               | ai.openai-compatible.groq.retry-interval=7s    | PT7S
            ai.provider=mineOwn            | ai.openai-compatible.mineOwn.retry-interval=8s | PT8S
            """)
    void retryIsTheDefaultProvidersRetryIntervalUnlessItIsSet(String first, String second, Duration expected) {
        new WebApplicationContextRunner()
                .withConfiguration(RELAYS)
                .withConfiguration(AutoConfigurations.of(
                        AiAutoConfiguration.class,
                        AiHttpAutoConfiguration.class,
                        AnthropicAutoConfiguration.class,
                        OpenAiAutoConfiguration.class,
                        OpenAiCompatibleAutoConfiguration.class))
                .withPropertyValues(
                        "ai.openai-compatible.groq.api-key=k",
                        "ai.openai-compatible.mineOwn.base-url=http://localhost:9")
                .withPropertyValues(first, second == null ? "x=y" : second)
                .run(context ->
                        assertThat(context.getBean(StreamRelay.class).retry()).isEqualTo(expected));
    }

    @Test
    void retryOfATemplateOfYourOwnIsThreeSeconds() {
        servlet.run(context ->
                assertThat(context.getBean(StreamRelay.class).retry()).isEqualTo(Duration.ofSeconds(3)));
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
