package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.responses.OpenAiResponsesChatModel;
import dev.aistream.provider.simulated.SimulatedChatModel;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

class OpenAiAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AiHttpAutoConfiguration.class,
                    AnthropicAutoConfiguration.class,
                    GeminiAutoConfiguration.class,
                    OllamaAutoConfiguration.class,
                    OpenAiAutoConfiguration.class,
                    OpenAiCompatibleAutoConfiguration.class,
                    SimulatedAutoConfiguration.class,
                    AiAutoConfiguration.class));

    @Test
    void aKeyIsAllItTakes() {
        runner.withPropertyValues("ai.openai.api-key=sk-test")
                .run(context -> assertThat(context)
                        .hasSingleBean(AiStreamingTemplate.class)
                        .hasSingleBean(ChatModel.class)
                        .hasBean("aiStreamOpenAiChatModel"));
    }

    @Test
    void nothingSetFailsTheStartNamingTheProperty() {
        runner.run(context -> {
            FailureAnalysis analysis = failure(context);
            assertThat(analysis.getDescription())
                    .isEqualTo(
                            "The provider 'openai' takes no call without a key, and 'ai.openai.api-key' is not set.");
            assertThat(analysis.getAction())
                    .contains("'ai.openai.api-key'")
                    .contains("AI_OPENAI_APIKEY")
                    .contains("ApiKeySupplier")
                    .contains("'ai.openai.base-url'")
                    .contains("'ai.provider=simulated'")
                    .contains("'ai.enabled=false'");
        });
    }

    @Test
    void anEmptyKeyIsNone() {
        runner.withPropertyValues("ai.openai.api-key=")
                .run(context -> assertThat(failure(context).getDescription()).contains("is not set"));
    }

    @Test
    void anEmptyChoiceOfTheInterfaceIsNone() {
        runner.withPropertyValues("ai.openai.api-key=sk-test", "ai.openai.api=")
                .run(context -> assertThat(context)
                        .hasSingleBean(OpenAiChatModel.class)
                        .doesNotHaveBean(OpenAiResponsesChatModel.class));
    }

    @Test
    void aPlaceholderThatNothingResolvesIsNoKey() {
        runner.withPropertyValues("ai.openai.api-key=${NO_SUCH_VARIABLE}")
                .run(context -> assertThat(failure(context).getDescription())
                        .contains("'ai.openai.api-key' is ${NO_SUCH_VARIABLE}, which nothing resolves"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://api.openai.com", "https://eu.api.openai.com/v1", "https://API.OPENAI.COM/v1"})
    void openAiItselfNeedsAKey(String baseUrl) {
        runner.withPropertyValues("ai.openai.base-url=" + baseUrl)
                .run(context -> assertThat(failure(context).getDescription()).contains("'ai.openai.api-key'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8000/v1", "https://api.openai.com.example/v1"})
    void anotherServerNeedsNone(String baseUrl) {
        runner.withPropertyValues("ai.openai.base-url=" + baseUrl)
                .run(context -> assertThat(context).hasSingleBean(OpenAiChatModel.class));
    }

    @Test
    void aSupplierStandsInForTheKey() {
        runner.withUserConfiguration(Supplier.class)
                .run(context -> assertThat(context).hasSingleBean(OpenAiChatModel.class));
    }

    @Test
    void theKeyIsNotShown() {
        runner.withPropertyValues("ai.openai.api-key=sk-test", "ai.openai.headers.X-Secret=hidden")
                .run(context -> {
                    assertThat(context.getBean(OpenAiChatModel.class).toString())
                            .doesNotContain("sk-test", "hidden");
                    assertThat(context.getBean(OpenAiProperties.class).toString())
                            .doesNotContain("sk-test", "hidden");
                });
    }

    @Test
    void simulatedGoesWithoutOpenAi() {
        runner.withPropertyValues("ai.provider=simulated")
                .run(context -> assertThat(context)
                        .hasSingleBean(SimulatedChatModel.class)
                        .hasBean("aiStreamSimulatedChatModel")
                        .doesNotHaveBean(OpenAiChatModel.class));
    }

    @Test
    void simulatedCanStandBesideOpenAi() {
        runner.withPropertyValues("ai.simulated.enabled=true", "ai.openai.api-key=sk-test")
                .run(context -> assertThat(
                                context.getBean(AiStreamingTemplate.class).providers())
                        .containsExactly("openai", "simulated"));
        runner.withPropertyValues("ai.provider=simulated", "ai.openai.api-key=sk-test")
                .run(context -> assertThat(
                                context.getBean(AiStreamingTemplate.class).providers())
                        .containsExactly("simulated", "openai"));
    }

    @Test
    void theResponsesApiIsChosenByAProperty() {
        runner.withPropertyValues("ai.openai.api-key=sk-test", "ai.openai.api=responses")
                .run(context -> assertThat(context)
                        .hasSingleBean(OpenAiResponsesChatModel.class)
                        .hasBean("aiStreamOpenAiResponsesChatModel")
                        .doesNotHaveBean(OpenAiChatModel.class)
                        .satisfies(started -> assertThat(started.getBean(AiStreamingTemplate.class)
                                        .providers())
                                .containsExactly("openai")));
    }

    @ParameterizedTest
    @CsvSource({"anthropic, aiStreamAnthropicChatModel", "gemini, aiStreamGeminiChatModel"})
    void anotherProviderIsEnough(String provider, String bean) {
        runner.withPropertyValues("ai." + provider + ".api-key=sk-test")
                .run(context -> assertThat(context)
                        .hasSingleBean(ChatModel.class)
                        .hasBean(bean)
                        .satisfies(started -> assertThat(started.getBean(AiStreamingTemplate.class)
                                        .providers())
                                .containsExactly(provider)));
    }

    @Test
    void ollamaNeedsAModelButNoKey() {
        runner.withPropertyValues("ai.ollama.model=llama3.2")
                .run(context ->
                        assertThat(context).hasSingleBean(ChatModel.class).hasBean("aiStreamOllamaChatModel"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "gemini", "openai"})
    void everyProviderSaysWhichKeyIsMissing(String provider) {
        runner.withPropertyValues("ai.provider=" + provider)
                .run(context -> assertThat(failure(context).getDescription())
                        .contains("The provider '" + provider + "'")
                        .contains("'ai." + provider + ".api-key' is not set"));
    }

    @Test
    void aModelOfTheUsersMakesOpenAiNoDefault() {
        runner.withUserConfiguration(OwnKind.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(ChatModel.class)
                        .doesNotHaveBean(OpenAiChatModel.class)
                        .doesNotHaveBean(OpenAiProperties.class));
    }

    @Test
    void aModelOfAnotherKindDoesNotSwitchOffOurs() {
        runner.withUserConfiguration(OwnKind.class)
                .withPropertyValues("ai.openai.api-key=sk-test")
                .run(context -> assertThat(
                                context.getBean(AiStreamingTemplate.class).providers())
                        .containsExactly("openai", "own"));
    }

    @Test
    void backsOffWhenUserDefinesOpenAi() {
        runner.withUserConfiguration(OwnOpenAi.class)
                .withPropertyValues("ai.openai.api-key=sk-test")
                .run(context ->
                        assertThat(context).hasSingleBean(OpenAiChatModel.class).hasBean("ownOpenAi"));
    }

    @Test
    void isSwitchedOffByItself() {
        runner.withPropertyValues("ai.openai.enabled=false", "ai.openai.api-key=sk-test")
                .run(context -> assertThat(AiAutoConfigurationTests.report(context))
                        .contains("No provider of language models is configured"));
    }

    @Test
    void everythingIsSwitchedOff() {
        runner.withPropertyValues("ai.enabled=false", "ai.openai.api-key=sk-test")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ChatModel.class)
                        .doesNotHaveBean(OpenAiProperties.class)
                        .doesNotHaveBean(SimulatedProperties.class));
    }

    private static FailureAnalysis failure(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return Failures.analyze(context.getStartupFailure());
    }

    @Configuration(proxyBeanMethods = false)
    static class Supplier {

        @Bean
        ApiKeySupplier keys() {
            return provider -> Mono.just("sk-rotating");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnKind {

        @Bean
        ChatModel ownKind() {
            return new ScriptedChatModel("own");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnOpenAi {

        @Bean
        OpenAiChatModel ownOpenAi(ProviderHttpClient client) {
            return new OpenAiChatModel(
                    OpenAiOptions.builder()
                            .baseUrl(URI.create("http://localhost:1"))
                            .build(),
                    client);
        }
    }
}
