package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.AiStreamingTemplateCustomizer;
import dev.aistream.ChatCallListener;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import reactor.test.StepVerifier;

class AiAutoConfigurationTests {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final AutoConfigurations OURS = AutoConfigurations.of(AiAutoConfiguration.class);

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(OURS);

    @Test
    void collectsEveryChatModelInItsOrder() {
        runner.withUserConfiguration(Alpha.class, Beta.class)
                .run(context -> assertThat(template(context).providers()).containsExactly("beta", "alpha"));
    }

    @Test
    void theDefaultProviderIsTheOneThatIsNamed() {
        runner.withUserConfiguration(Alpha.class, Beta.class)
                .withPropertyValues("ai.provider=alpha")
                .run(context -> assertThat(template(context).providers()).containsExactly("alpha", "beta"));
    }

    @Test
    void theSameBeansAreThereInServletAndReactiveApplications() {
        new WebApplicationContextRunner()
                .withConfiguration(OURS)
                .withUserConfiguration(Alpha.class)
                .run(context -> assertThat(context).hasSingleBean(AiStreamingTemplate.class));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(OURS)
                .withUserConfiguration(Alpha.class)
                .run(context -> assertThat(context).hasSingleBean(AiStreamingTemplate.class));
    }

    @Test
    void isSwitchedOff() {
        runner.withPropertyValues("ai.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(AiStreamingTemplate.class)
                        .doesNotHaveBean(AiProperties.class)
                        .doesNotHaveBean(AiShutdownLifecycle.class));
    }

    @Test
    void backsOffWhenUserDefinesTemplate() {
        runner.withUserConfiguration(Alpha.class, OwnTemplate.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(AiStreamingTemplate.class)
                        .hasBean("ownTemplate"));
    }

    @Test
    void everyInjectionGetsABuilderOfItsOwn() {
        runner.withUserConfiguration(Alpha.class)
                .run(context -> assertThat(context.getBean(AiStreamingTemplate.Builder.class))
                        .isNotSameAs(context.getBean(AiStreamingTemplate.Builder.class)));
    }

    @Test
    void customizersHaveTheLastWordInTheirOrder() {
        runner.withUserConfiguration(Alpha.class, Customizers.class)
                .run(context -> assertThat(template(context).providers()).containsExactly("second", "alpha", "first"));
    }

    @Test
    void listenersAreTold() {
        runner.withUserConfiguration(Alpha.class, Listener.class).run(context -> {
            template(context).stream("hello").text().subscribe().dispose();

            assertThat(context.getBean(Listener.class).providers).containsExactly("alpha");
        });
    }

    @Test
    void fallbackNamesAreTakenAsTheyAreMeant() {
        ConfiguredProviders providers =
                new ConfiguredProviders(List.of(new ScriptedChatModel("alpha"), new ScriptedChatModel("beta")), null);

        assertThat(providers.fallback(List.of("beta", " beta/large ", "small", "anthropic/claude-haiku-4.5")))
                .containsExactly("beta/", "beta/large", "small", "anthropic/claude-haiku-4.5");
    }

    /** They are bound only where one is set, by whatever source. */
    @ParameterizedTest
    @CsvSource({
        "AI_PROVIDER, gamma, 'ai.provider'",
        "AI_FALLBACK, anthropic/claude, 'ai.fallback'",
        "AI_FALLBACK_0, anthropic/claude, 'ai.fallback'",
        "AI_MAXKEPTTEXT, 0, max-kept-text"
    })
    void everyPropertyOfTheEnvironmentCounts(String variable, String value, String complaint) {
        runner.withBean("openai", ChatModel.class, () -> new ScriptedChatModel("openai"))
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(variable, value))))
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(complaint));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ai.provider=gamma                           | 'ai.provider' is 'gamma' | Configured: alpha
            ai.provider=anthropic                       | 'ai.provider' is 'anthropic' | ai.anthropic.enabled
            ai.provider=gamma                           | ai.openai-compatible.gamma.base-url | openai, anthropic, gemini, ollama, simulated
            ai.provider=gamma                           | dev.aistream.chat.ChatModel | name() is 'gamma'
            """)
    void unknownProviderFailsTheStartAndSaysWhatThereIs(String property, String one, String other) {
        runner.withUserConfiguration(Alpha.class)
                .withPropertyValues(property)
                .run(context -> assertThat(report(context)).contains(one).contains(other));
    }

    @Test
    void unknownFallbackProviderFailsTheStart() {
        runner.withBean("openai", ChatModel.class, () -> new ScriptedChatModel("openai"))
                .withPropertyValues("ai.fallback=anthropic/claude-haiku-4.5")
                .run(context -> assertThat(report(context))
                        .contains("'ai.fallback' holds 'anthropic/claude-haiku-4.5'")
                        .contains("'anthropic' is not configured. Configured: openai."));
    }

    @Test
    void twoProvidersOfOneNameFailTheStart() {
        runner.withBean("one", ChatModel.class, () -> new ScriptedChatModel("same"))
                .withBean("two", ChatModel.class, () -> new ScriptedChatModel("same") {})
                .run(context -> assertThat(report(context))
                        .contains("the name() 'same'")
                        .contains(ScriptedChatModel.class.getName())
                        .contains(AiAutoConfigurationTests.class.getName()));
    }

    @Test
    void noProviderAtAllFailsTheStart() {
        runner.run(context -> assertThat(report(context))
                .contains("No provider of language models is configured")
                .contains("ai.openai.api-key"));
    }

    @Test
    void openStreamsEndWhenTheContextCloses() {
        runner.withUserConfiguration(Alpha.class)
                .withPropertyValues("server.shutdown=immediate")
                .run(context -> StepVerifier.create(
                                template(context).stream("hello").text())
                        .then(context::close)
                        .expectErrorSatisfies(failure -> assertThat(failure)
                                .isInstanceOfSatisfying(
                                        ChatException.class,
                                        chat -> assertThat(chat.kind()).isEqualTo(ChatException.Kind.SHUTDOWN)))
                        .verify(BOUND));
    }

    @Test
    void anOpenStreamMayEndByItselfWhileTheContextStops() {
        EndingChatModel model = new EndingChatModel();
        runner.withBean(EndingChatModel.class, () -> model).run(context -> {
            AiShutdownLifecycle lifecycle = context.getBean(AiShutdownLifecycle.class);
            CountDownLatch stopped = new CountDownLatch(1);

            StepVerifier.create(template(context).stream("hello").text())
                    .then(() -> model.text("good"))
                    .expectNext("good")
                    .then(() -> lifecycle.stop(stopped::countDown))
                    .then(() -> assertThat(stopped.getCount()).isOne())
                    .then(() -> model.text("bye"))
                    .expectNext("bye")
                    .then(model::end)
                    .expectComplete()
                    .verify(BOUND);

            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        });
    }

    @Test
    void everyTemplateOfTheApplicationIsShutDown() {
        runner.withUserConfiguration(Alpha.class, TwoTemplates.class).run(context -> {
            context.stop();

            assertThat(context.getBeansOfType(AiStreamingTemplate.class).values())
                    .hasSize(2)
                    .allSatisfy(each -> StepVerifier.create(each.stream("hello").text())
                            .expectErrorSatisfies(failure ->
                                    assertThat(((ChatException) failure).kind()).isEqualTo(ChatException.Kind.SHUTDOWN))
                            .verify(BOUND));
        });
    }

    @Test
    void callsHaveMostOfTheShutdownPhaseAndRelaysAlmostAllOfIt() {
        MockEnvironment environment = new MockEnvironment();
        Duration phase = AiShutdownLifecycle.phaseIn(environment);
        assertThat(AiShutdownLifecycle.callsWithin(phase)).isEqualTo(Duration.ofSeconds(28));
        assertThat(AiShutdownLifecycle.relaysWithin(phase)).isEqualTo(Duration.ofSeconds(29));

        environment.setProperty("spring.lifecycle.timeout-per-shutdown-phase", "500ms");
        phase = AiShutdownLifecycle.phaseIn(environment);
        assertThat(AiShutdownLifecycle.callsWithin(phase)).isEqualTo(Duration.ofMillis(250));
        assertThat(AiShutdownLifecycle.relaysWithin(phase)).isZero();

        environment.setProperty("server.shutdown", "immediate");
        phase = AiShutdownLifecycle.phaseIn(environment);
        assertThat(AiShutdownLifecycle.callsWithin(phase)).isZero();
        assertThat(AiShutdownLifecycle.relaysWithin(phase)).isZero();
    }

    @Test
    void aRestartedContextTakesCallsAgain() {
        runner.withUserConfiguration(Alpha.class).run(context -> {
            context.stop();
            StepVerifier.create(template(context).stream("hello").text())
                    .expectError(ChatException.class)
                    .verify(BOUND);
            context.start();
            template(context).stream("hello").text().subscribe().dispose();

            assertThat(context.getBean("alpha", ScriptedChatModel.class).requests)
                    .hasSize(1);
        });
    }

    static String report(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        FailureAnalysis analysis = Failures.analyze(context.getStartupFailure());
        return analysis.getDescription() + "\n" + analysis.getAction();
    }

    private static AiStreamingTemplate template(AssertableApplicationContext context) {
        return context.getBean(AiStreamingTemplate.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoTemplates {

        @Bean
        AiStreamingTemplate cheap(AiStreamingTemplate.Builder builder) {
            return builder.build();
        }

        @Bean
        AiStreamingTemplate smart(AiStreamingTemplate.Builder builder) {
            return builder.build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Alpha {

        @Bean
        @Order(2)
        ScriptedChatModel alpha() {
            return new ScriptedChatModel("alpha");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beta {

        @Bean
        @Order(1)
        ScriptedChatModel beta() {
            return new ScriptedChatModel("beta");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTemplate {

        @Bean
        AiStreamingTemplate ownTemplate(AiStreamingTemplate.Builder builder) {
            return builder.build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        AiStreamingTemplateCustomizer later() {
            return builder -> builder.model(new ScriptedChatModel("second")).defaultProvider("second");
        }

        @Bean
        @Order(1)
        AiStreamingTemplateCustomizer earlier() {
            return builder -> builder.model(new ScriptedChatModel("first")).defaultProvider("first");
        }
    }

    static class Listener implements ChatCallListener {

        private final List<String> providers = new CopyOnWriteArrayList<>();

        @Override
        public void attemptStarted(Attempt attempt) {
            providers.add(attempt.provider());
        }
    }
}
