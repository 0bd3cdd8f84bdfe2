package dev.aistream.autoconfigure;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatException;
import dev.aistream.provider.ApiKeySupplier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** From {@code ai.openai.*} to text, over HTTP. */
@WireMockTest
class OpenAiEndToEndTests {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final String ANSWER = """
            data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"To be,"},"finish_reason":null}]}

            data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":" or not"},"finish_reason":null}]}

            data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]

            """;

    private ApplicationContextRunner runner;

    @BeforeEach
    void configure(WireMockRuntimeInfo wireMock) {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        WebClientAutoConfiguration.class,
                        AiHttpAutoConfiguration.class,
                        OpenAiAutoConfiguration.class,
                        OpenAiCompatibleAutoConfiguration.class,
                        SimulatedAutoConfiguration.class,
                        AiAutoConfiguration.class))
                .withPropertyValues("ai.openai.base-url=" + wireMock.getHttpBaseUrl() + "/v1");
    }

    @Test
    void streamsText() {
        stubAnswer();
        runner.withPropertyValues("ai.openai.api-key=sk-test")
                .run(context -> expectAnswer(context.getBean(AiStreamingTemplate.class)));

        verify(postRequestedFor(urlEqualTo("/v1/chat/completions"))
                .withHeader("Authorization", equalTo("Bearer sk-test"))
                .withRequestBody(matchingJsonPath("$.model", equalTo("gpt-4o-mini")))
                .withRequestBody(matchingJsonPath("$.stream", equalTo("true"))));
    }

    @Test
    void everyPropertyReachesTheWire() {
        stubAnswer();
        runner.withPropertyValues(
                        "ai.openai.api-key=sk-test",
                        "ai.openai.authentication=api-key-header",
                        "ai.openai.path=/chat/completions",
                        "ai.openai.query.api-version=2026-01-01",
                        "ai.openai.organization=org-1",
                        "ai.openai.project=proj-1",
                        "ai.openai.headers.X-Team=blue",
                        "ai.openai.model=gpt-5",
                        "ai.openai.include-usage=false",
                        "ai.openai.max-tokens-field=max_output",
                        "ai.openai.options.max-tokens=200",
                        "ai.openai.options.temperature=0.2",
                        "ai.openai.options.stop=end",
                        "ai.openai.options.additional.[service_tier]=flex")
                .run(context -> expectAnswer(context.getBean(AiStreamingTemplate.class)));

        verify(postRequestedFor(urlEqualTo("/v1/chat/completions?api-version=2026-01-01"))
                .withHeader("api-key", equalTo("sk-test"))
                .withoutHeader("Authorization")
                .withHeader("OpenAI-Organization", equalTo("org-1"))
                .withHeader("OpenAI-Project", equalTo("proj-1"))
                .withHeader("X-Team", equalTo("blue"))
                .withRequestBody(equalToJson("""
                        {"model":"gpt-5","stream":true,"max_output":200,"temperature":0.2,"service_tier":"flex",
                         "messages":[{"role":"user","content":"Speak"}]}""", true, true))
                .withRequestBody(matchingJsonPath("$.stop")));
    }

    @Test
    void sendsNoKeyWhereThereIsNone() {
        stubAnswer();
        runner.run(context -> expectAnswer(context.getBean(AiStreamingTemplate.class)));

        verify(postRequestedFor(urlEqualTo("/v1/chat/completions")).withoutHeader("Authorization"));
    }

    @Test
    void retriesWithAFreshKeyAsOftenAsThePropertiesSay() {
        stubFor(post(urlPathEqualTo("/v1/chat/completions"))
                .inScenario("retry")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("recovered"));
        stubFor(post(urlPathEqualTo("/v1/chat/completions"))
                .inScenario("retry")
                .whenScenarioStateIs("recovered")
                .willReturn(answer()));
        runner.withUserConfiguration(RotatingKeys.class)
                .withPropertyValues("ai.openai.max-retries=1", "ai.openai.retry-interval=1ms")
                .run(context -> expectAnswer(context.getBean(AiStreamingTemplate.class)));

        verify(postRequestedFor(urlPathEqualTo("/v1/chat/completions"))
                .withHeader("Authorization", equalTo("Bearer sk-1")));
        verify(postRequestedFor(urlPathEqualTo("/v1/chat/completions"))
                .withHeader("Authorization", equalTo("Bearer sk-2")));
    }

    @Test
    void fallsBackToAnotherProvider() {
        stubFor(post(urlPathEqualTo("/v1/chat/completions"))
                .willReturn(aResponse().withStatus(503)));
        runner.withPropertyValues(
                        "ai.openai.max-retries=0",
                        "ai.fallback=simulated",
                        "ai.simulated.enabled=true",
                        "ai.simulated.token-interval=0")
                .run(context -> StepVerifier.create(
                                context.getBean(AiStreamingTemplate.class).generate("Speak"))
                        .assertNext(response -> assertThat(response.text()).isNotEmpty())
                        .expectComplete()
                        .verify(BOUND));
    }

    @Test
    void theLineLimitOfThePropertiesHolds() {
        stubAnswer();
        runner.withPropertyValues("ai.openai.max-line-length=100B")
                .run(context -> expectFailure(context.getBean(AiStreamingTemplate.class), ChatException.Kind.TOO_LONG));
    }

    @Test
    void theTimeoutOfThePropertiesHolds() {
        stubFor(post(urlPathEqualTo("/v1/chat/completions")).willReturn(answer().withFixedDelay(5000)));
        runner.withPropertyValues("ai.openai.timeout=100ms", "ai.openai.max-retries=0")
                .run(context -> expectFailure(context.getBean(AiStreamingTemplate.class), ChatException.Kind.TIMEOUT));
    }

    @Test
    void keptTextIsBoundedByTheProperties() {
        stubAnswer();
        runner.withPropertyValues("ai.max-kept-text=3B")
                .run(context -> StepVerifier.create(
                                context.getBean(AiStreamingTemplate.class).generate("Speak"))
                        .expectErrorSatisfies(
                                failure -> assertThat(kind(failure)).isEqualTo(ChatException.Kind.KEPT_TEXT_LIMIT))
                        .verify(BOUND));
    }

    @Test
    void customizersOfTheApplicationsWebClientApply() {
        stubAnswer();
        runner.withUserConfiguration(Customizer.class).run(context -> {
            expectAnswer(context.getBean(AiStreamingTemplate.class));

            assertThat(context.getBean(Customizer.class).seen).containsExactly("/v1/chat/completions");
        });
    }

    private static void stubAnswer() {
        stubFor(post(urlPathEqualTo("/v1/chat/completions")).willReturn(answer()));
    }

    private static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder answer() {
        return aResponse().withHeader("Content-Type", "text/event-stream").withBody(ANSWER);
    }

    private static void expectAnswer(AiStreamingTemplate template) {
        StepVerifier.create(template.stream("Speak").text())
                .expectNext("To be,", " or not")
                .expectComplete()
                .verify(BOUND);
    }

    private static void expectFailure(AiStreamingTemplate template, ChatException.Kind kind) {
        StepVerifier.create(template.stream("Speak").text())
                .expectErrorSatisfies(failure -> assertThat(kind(failure)).isEqualTo(kind))
                .verify(BOUND);
    }

    private static ChatException.Kind kind(Throwable failure) {
        assertThat(failure).isInstanceOf(ChatException.class);
        return ((ChatException) failure).kind();
    }

    @Configuration(proxyBeanMethods = false)
    static class RotatingKeys {

        @Bean
        ApiKeySupplier keys() {
            AtomicInteger asked = new AtomicInteger();
            return provider -> Mono.fromSupplier(() -> "sk-" + asked.incrementAndGet());
        }
    }

    static class Customizer {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Bean
        WebClientCustomizer recording() {
            return builder -> builder.filter((request, next) -> {
                seen.add(request.url().getPath());
                return next.exchange(request);
            });
        }
    }
}
