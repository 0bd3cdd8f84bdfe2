package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What the properties of all providers have in common, bound for each of them. */
class ProviderPropertiesTests {

    private static final URI ELSEWHERE = URI.create("http://localhost:1234/v2");

    static Stream<Class<? extends ProviderProperties>> providers() {
        return Stream.of(
                AnthropicProperties.class,
                GeminiProperties.class,
                OllamaProperties.class,
                OpenAiCompatibleProperties.Server.class,
                OpenAiProperties.class);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void everyCommonPropertyReachesTheProvider(Class<? extends ProviderProperties> type) {
        ProviderProperties properties = bind(
                type,
                Map.ofEntries(
                        Map.entry("api-key", " sk-test "),
                        Map.entry("base-url", "http://localhost:1234/v2"),
                        Map.entry("model", "large"),
                        Map.entry("headers.X-Team", "blue"),
                        Map.entry("timeout", "1s"),
                        Map.entry("first-token-timeout", "2s"),
                        Map.entry("idle-timeout", "3s"),
                        Map.entry("gap-timeout", "4s"),
                        Map.entry("total-timeout", "5s"),
                        Map.entry("max-retries", "6"),
                        Map.entry("retry-interval", "7s"),
                        Map.entry("max-retry-delay", "8s"),
                        Map.entry("max-line-length", "9KB"),
                        Map.entry("options.max-tokens", "10")));

        assertThat(properties.baseUrl()).isEqualTo(ELSEWHERE);
        assertThat(properties.apiKey()).isEqualTo("sk-test");
        assertThat(properties.model()).isEqualTo("large");
        assertThat(properties.options().toOptions().maxTokens()).isEqualTo(10);
        assertThat(properties.toHttpOptions(ELSEWHERE))
                .isEqualTo(new ProviderHttpOptions(
                        ELSEWHERE,
                        Map.of("X-Team", "blue"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        9 * 1024));
        assertThat(properties.toCallPolicy())
                .isEqualTo(new CallPolicy(6, Duration.ofSeconds(7), Duration.ofSeconds(8), Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void defaultsAreThoseOfTheCore(Class<? extends ProviderProperties> type) {
        ProviderProperties properties = bind(type, Map.of());

        assertThat(properties.toCallPolicy()).isEqualTo(CallPolicy.DEFAULT);
        assertThat(properties
                        .toHttpOptions(ELSEWHERE)
                        .withTimeout(ProviderHttpOptions.DEFAULT_TIMEOUT)
                        .withMaxLineLength(ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH))
                .isEqualTo(ProviderHttpOptions.of(ELSEWHERE));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void emptyValuesAreNone(Class<? extends ProviderProperties> type) {
        assertThat(bind(type, Map.of("api-key", "", "base-url", "", "model", " ")))
                .isEqualTo(bind(type, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void secretsStayOutOfToString(Class<? extends ProviderProperties> type) {
        ProviderProperties properties = bind(
                type,
                Map.of(
                        "api-key", "secret-key",
                        "headers.Authorization", "secret-header",
                        "query.sig", "secret-parameter"));

        assertThat(properties.toString()).contains("Authorization=******").doesNotContain("secret");
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aValueOutOfRangeIsRefused(Class<? extends ProviderProperties> type) {
        for (String clock : new String[] {
            "timeout", "first-token-timeout", "idle-timeout", "gap-timeout", "total-timeout", "retry-interval"
        }) {
            assertThatThrownBy(() -> bind(type, Map.of(clock, "0s")))
                    .rootCause()
                    .hasMessage(clock + " must be longer than zero, was PT0S");
        }
        assertThatThrownBy(() -> bind(type, Map.of("base-url", "localhost:1234")))
                .rootCause()
                .hasMessageContaining("base-url must be an http or https URL");
        assertThatThrownBy(() -> bind(type, Map.of("max-line-length", "0")))
                .rootCause()
                .hasMessageContaining("max-line-length must be between");
    }

    private static ProviderProperties bind(Class<? extends ProviderProperties> type, Map<String, String> values) {
        ConfigurationProperties annotation = type.getAnnotation(ConfigurationProperties.class);
        String prefix = annotation != null ? annotation.value() : OpenAiCompatibleProperties.PREFIX + ".server";
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put(prefix + "." + name, value));
        return new Binder(source).bindOrCreate(prefix, type);
    }
}
