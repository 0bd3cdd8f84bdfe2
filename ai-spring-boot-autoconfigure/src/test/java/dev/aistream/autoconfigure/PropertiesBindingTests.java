package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatOptions;
import dev.aistream.chat.TestMode;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.anthropic.AnthropicOptions;
import dev.aistream.provider.gemini.GeminiOptions;
import dev.aistream.provider.ollama.OllamaOptions;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.responses.OpenAiResponsesOptions;
import dev.aistream.provider.simulated.SimulatedOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

class PropertiesBindingTests {

    @Test
    void openAiDefaultsAreThoseOfTheCore() {
        OpenAiOptions bound = openAi(Map.of()).toOptions(ApiKeySupplier.none());
        OpenAiOptions core = OpenAiOptions.builder().build();

        assertThat(bound).usingRecursiveComparison().ignoringFields("apiKey").isEqualTo(core);
    }

    @Test
    void connectionDefaultsAreThoseOfTheCore() {
        AiHttpProperties properties = bind("ai.http", AiHttpProperties.class, Map.of());

        assertThat(properties.maxConnections()).isEqualTo(ProviderConnector.DEFAULT_MAX_CONNECTIONS);
        assertThat(properties.pendingAcquireTimeout()).isEqualTo(ProviderConnector.DEFAULT_PENDING_ACQUIRE_TIMEOUT);
        assertThat(properties.maxIdleTime()).isEqualTo(ProviderConnector.DEFAULT_MAX_IDLE_TIME);
        assertThat(properties.connectTimeout()).isNull();
        assertThat(bind("ai.simulated", SimulatedProperties.class, Map.of()).tokenInterval())
                .isEqualTo(SimulatedOptions.DEFAULT_TOKEN_INTERVAL);
        assertThat(bind("ai", AiProperties.class, Map.of()).maxKeptText())
                .isEqualTo(AiStreamingTemplate.DEFAULT_MAX_KEPT_TEXT);
    }

    @Test
    void whatIsNotBoundSinceNothingIsSetIsAsIfItWere() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        MockEnvironment nothing = new MockEnvironment();

        assertThat(AiProperties.in(nothing, beans.getBeanProvider(AiProperties.class)))
                .isEqualTo(bind("ai", AiProperties.class, Map.of()));
        assertThat(AiHttpProperties.in(nothing, beans.getBeanProvider(AiHttpProperties.class)))
                .isEqualTo(bind("ai.http", AiHttpProperties.class, Map.of()));
    }

    @Test
    void everyPropertyOfOpenAiReachesIt() {
        OpenAiOptions options = openAi(Map.ofEntries(
                        Map.entry("path", "/chat"),
                        Map.entry("query.api-version", "2026-01-01"),
                        Map.entry("authentication", "api-key-header"),
                        Map.entry("organization", "org-1"),
                        Map.entry("project", "proj-1"),
                        Map.entry("include-usage", "false"),
                        Map.entry("max-tokens-field", "max_output"),
                        Map.entry("accepts-top-k", "true"),
                        Map.entry("reasoning-field", "reasoning")))
                .toOptions(ApiKeySupplier.none());

        assertThat(options.path()).isEqualTo("/chat");
        assertThat(options.query()).containsExactly(Map.entry("api-version", "2026-01-01"));
        assertThat(options.authentication()).isEqualTo(OpenAiOptions.Authentication.API_KEY_HEADER);
        assertThat(options.organization()).isEqualTo("org-1");
        assertThat(options.project()).isEqualTo("proj-1");
        assertThat(options.includeUsage()).isFalse();
        assertThat(options.maxTokensField()).isEqualTo("max_output");
        assertThat(options.acceptsTopK()).isTrue();
        assertThat(options.reasoningField()).isEqualTo("reasoning");
    }

    @Test
    void azureGetsTheKeyInItsOwnHeaderByEitherInterface() {
        OpenAiProperties azure = openAi(Map.of("base-url", "https://mine.openai.azure.com/openai/v1"));

        assertThat(azure.toOptions(ApiKeySupplier.none()).authentication())
                .isEqualTo(OpenAiOptions.Authentication.API_KEY_HEADER);
        assertThat(azure.toResponsesOptions(ApiKeySupplier.none()).authentication())
                .isEqualTo(OpenAiResponsesOptions.Authentication.API_KEY_HEADER);
        assertThat(openAi(Map.of()).toResponsesOptions(ApiKeySupplier.none()).authentication())
                .isEqualTo(OpenAiResponsesOptions.Authentication.BEARER);
    }

    @Test
    void everyPropertyOfTheResponsesApiReachesIt() {
        OpenAiResponsesOptions options = openAi(Map.of(
                        "api", "responses",
                        "query.api-version", "2026-01-01",
                        "authentication", "api-key-header",
                        "organization", "org-1",
                        "project", "proj-1",
                        "responses.store", "false",
                        "responses.background", "true",
                        "responses.reconnects", "7"))
                .toResponsesOptions(ApiKeySupplier.none());

        assertThat(options)
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(OpenAiResponsesOptions.builder()
                        .query(Map.of("api-version", "2026-01-01"))
                        .authentication(OpenAiResponsesOptions.Authentication.API_KEY_HEADER)
                        .organization("org-1")
                        .project("proj-1")
                        .store(false)
                        .background(true)
                        .reconnects(7)
                        .build());
    }

    @Test
    void everyPropertyOfAnthropicReachesIt() {
        AnthropicOptions options = bind(
                        "ai.anthropic",
                        AnthropicProperties.class,
                        Map.of(
                                "path", "/messages",
                                "authentication", "bearer",
                                "model", "claude",
                                "version", "2026-01-01",
                                "beta", "one,two"))
                .toOptions(ApiKeySupplier.none());

        assertThat(options)
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(AnthropicOptions.builder()
                        .path("/messages")
                        .authentication(AnthropicOptions.Authentication.BEARER)
                        .model("claude")
                        .version("2026-01-01")
                        .beta(List.of("one", "two"))
                        .build());
    }

    @Test
    void anthropicDefaultsAreThoseOfTheCore() {
        assertThat(bind("ai.anthropic", AnthropicProperties.class, Map.of()).toOptions(ApiKeySupplier.none()))
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(AnthropicOptions.builder().build());
    }

    @Test
    void geminiDefaultsAreThoseOfTheCore() {
        assertThat(bind("ai.gemini", GeminiProperties.class, Map.of()).toOptions(ApiKeySupplier.none()))
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(GeminiOptions.builder().build());
    }

    @Test
    void everyPropertyOfGeminiReachesIt() {
        GeminiOptions options = bind(
                        "ai.gemini",
                        GeminiProperties.class,
                        Map.of(
                                "base-url", "https://europe-west1-aiplatform.googleapis.com",
                                "path", "/v1/{model}",
                                "authentication", "bearer",
                                "model", "gemini-flash"))
                .toOptions(ApiKeySupplier.none());

        assertThat(options)
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(GeminiOptions.builder()
                        .baseUrl(URI.create("https://europe-west1-aiplatform.googleapis.com"))
                        .path("/v1/{model}")
                        .authentication(GeminiOptions.Authentication.BEARER)
                        .model("gemini-flash")
                        .build());
    }

    @Test
    void ollamaDefaultsAreThoseOfTheCore() {
        assertThat(bind("ai.ollama", OllamaProperties.class, Map.of("model", "llama3.2"))
                        .toOptions(ApiKeySupplier.none()))
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(OllamaOptions.builder().model("llama3.2").build());
    }

    @Test
    void everyOptionReachesTheProvider() {
        Map<String, String> values = Map.ofEntries(
                Map.entry("options.max-tokens", "200"),
                Map.entry("options.temperature", "0.2"),
                Map.entry("options.top-p", "0.9"),
                Map.entry("options.top-k", "40"),
                Map.entry("options.frequency-penalty", "0.1"),
                Map.entry("options.presence-penalty", "-0.1"),
                Map.entry("options.stop", "one,two"),
                Map.entry("options.seed", "42"),
                Map.entry("options.parallel-tool-calls", "false"),
                Map.entry("options.reasoning-effort", "low"),
                Map.entry("options.additional.[service_tier]", "flex"));

        assertThat(openAi(values).options().toOptions())
                .isEqualTo(new ChatOptions(
                        200,
                        0.2,
                        0.9,
                        40,
                        0.1,
                        -0.1,
                        List.of("one", "two"),
                        42L,
                        null,
                        null,
                        false,
                        "low",
                        Map.of("service_tier", "flex")));
    }

    @Test
    void emptyValuesOfAbsentEnvironmentVariablesAreNone() {
        OpenAiProperties properties =
                openAi(Map.of("api-key", "", "base-url", "", "model", "", "organization", " ", "project", ""));

        assertThat(properties).isEqualTo(openAi(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"AI_OPENAI_APIKEY", "AI_OPENAI_API_KEY"})
    void theKeyCanComeFromTheEnvironment(String variable) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "test-systemEnvironment", Map.of(variable, "sk-environment")));

        assertThat(Binder.get(environment)
                        .bindOrCreate("ai.openai", OpenAiProperties.class)
                        .apiKey())
                .isEqualTo("sk-environment");
    }

    @Test
    void simulatedPropertiesAreBound() {
        SimulatedProperties properties =
                bind("ai.simulated", SimulatedProperties.class, Map.of("mode", "multi-line", "token-interval", "5ms"));

        assertThat(properties.mode()).isEqualTo(TestMode.MULTI_LINE);
        assertThat(properties.tokenInterval()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void generalPropertiesAreBound() {
        AiProperties properties = bind(
                "ai",
                AiProperties.class,
                Map.of("provider", " openai ", "max-kept-text", "1KB", "fallback", "simulated,openai/gpt-5"));

        assertThat(properties.provider()).isEqualTo("openai");
        assertThat(properties.maxKeptText()).isEqualTo(DataSize.ofKilobytes(1));
        assertThat(properties.fallback()).containsExactly("simulated", "openai/gpt-5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timeout                   | 0s        | timeout must be longer than zero
            first-token-timeout       | -1s       | first-token-timeout must be longer than zero
            idle-timeout              | 0s        | idle-timeout must be longer than zero
            gap-timeout               | 0s        | gap-timeout must be longer than zero
            total-timeout             | 0s        | total-timeout must be longer than zero
            max-retries               | -1        | max-retries must not be negative
            retry-interval            | 0s        | retry-interval must be longer than zero
            max-retry-delay           | 0s        | max-retry-delay must be longer than zero
            max-line-length           | 0         | max-line-length must be between 1B and 2147483647B
            max-line-length           | 3GB       | max-line-length must be between 1B and 2147483647B
            base-url                  | localhost | base-url must be an http or https URL with a host
            base-url                  | ftp://a   | base-url must be an http or https URL with a host
            base-url                  | http://user:secret@host | base-url must not hold credentials
            options.max-tokens        | 0         | options.max-tokens must be at least 1
            options.top-p             | 1.5       | options.top-p must be between 0.0 and 1.0
            options.temperature       | -1        | options.temperature must not be negative
            options.frequency-penalty | 3         | options.frequency-penalty must be between -2.0 and 2.0
            options.presence-penalty  | -3        | options.presence-penalty must be between -2.0 and 2.0
            options.top-k             | 0         | options.top-k must be at least 1
            options.additional.n      | 2         | n above 1 is not supported
            """)
    void refusesValuesOutOfRange(String property, String value, String message) {
        assertThatThrownBy(() -> openAi(Map.of(property, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max-connections         | 0    | max-connections must be at least 1
            pending-acquire-timeout | 0s   | pending-acquire-timeout must be longer than zero
            max-idle-time           | 0s   | max-idle-time must be longer than zero
            connect-timeout         | -1s  | connect-timeout must be longer than zero
            proxy.port              | 8080 | proxy.host is missing
            proxy.host              | here | proxy.port is missing
            """)
    void refusesConnectionsOutOfRange(String property, String value, String message) {
        assertThatThrownBy(() -> bind("ai.http", AiHttpProperties.class, Map.of(property, value)))
                .rootCause()
                .hasMessageContaining(message);
    }

    @Test
    void theProxysPasswordStaysOutOfToString() {
        AiHttpProperties http = bind(
                "ai.http",
                AiHttpProperties.class,
                Map.of(
                        "proxy.host", "proxy",
                        "proxy.port", "8080",
                        "proxy.username", "secret-user",
                        "proxy.password", "secret-password"));

        assertThat(http.toString()).contains("host=proxy").doesNotContain("secret");
    }

    private static OpenAiProperties openAi(Map<String, String> values) {
        return bind("ai.openai", OpenAiProperties.class, values);
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put(prefix + "." + name, value));
        return new Binder(source).bindOrCreate(prefix, type);
    }
}
