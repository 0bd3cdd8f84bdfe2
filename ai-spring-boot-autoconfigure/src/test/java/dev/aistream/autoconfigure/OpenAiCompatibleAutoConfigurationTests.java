package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.CallPolicy;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class OpenAiCompatibleAutoConfigurationTests {

    private static final Path TABLE = Path.of("../docs/openai-compatible.md");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AiHttpAutoConfiguration.class,
                    OpenAiAutoConfiguration.class,
                    OpenAiCompatibleAutoConfiguration.class,
                    AiAutoConfiguration.class));

    @Test
    void everyServerIsAProviderAndABeanOfItsOwn() {
        runner.withPropertyValues(
                        "ai.openai.api-key=sk-test",
                        "ai.openai-compatible.groq.api-key=gsk-test",
                        "ai.openai-compatible.lm-studio.model=local",
                        "ai.openai-compatible.mine.base-url=http://localhost:9/v1")
                .run(context -> {
                    assertThat(providers(context)).containsExactlyInAnyOrder("openai", "groq", "lm-studio", "mine");
                    assertThat(context.getBeanNamesForType(OpenAiChatModel.class))
                            .containsExactlyInAnyOrder(
                                    "aiStreamOpenAiChatModel",
                                    "aiStreamGroqChatModel",
                                    "aiStreamLmStudioChatModel",
                                    "aiStreamMineChatModel");
                });
    }

    @Test
    void oneServerIsEnough() {
        runner.withPropertyValues("ai.openai-compatible.vllm.model=local")
                .run(context -> assertThat(providers(context)).containsExactly("vllm"));
    }

    @Test
    void aWellKnownServerNeedsNothingButItsNameAndItsKey() {
        runner.withPropertyValues("ai.provider=groq")
                .run(context -> assertThat(AiAutoConfigurationTests.report(context))
                        .contains("The provider 'groq' takes no call without a key")
                        .contains("'ai.openai-compatible.groq.api-key' is not set")
                        .contains("AI_OPENAICOMPATIBLE_GROQ_APIKEY"));
        runner.withPropertyValues("ai.provider=lm-studio")
                .run(context -> assertThat(providers(context)).containsExactly("lm-studio"));
    }

    @Test
    void anotherServerNeedsItsAddress() {
        runner.withPropertyValues("ai.openai-compatible.mine.api-key=sk-test")
                .run(context -> assertThat(AiAutoConfigurationTests.report(context))
                        .contains("openai-compatible.mine.base-url is missing"));
    }

    @Test
    void aServerIsSwitchedOff() {
        runner.withPropertyValues(
                        "ai.openai.api-key=sk-test",
                        "ai.openai-compatible.groq.api-key=gsk-test",
                        "ai.openai-compatible.groq.enabled=false")
                .run(context -> assertThat(providers(context)).containsExactly("openai"));
    }

    @Test
    void aServerCanBeCalledWhatNoPropertyCanBe() {
        runner.withPropertyValues(
                        "ai.openai-compatible.myServer.base-url=http://localhost:9/v1",
                        "ai.openai-compatible.other_server.base-url=http://localhost:9/v1",
                        "ai.openai-compatible.other_server.enabled=false",
                        "ai.openai-compatible.[a.b].base-url=http://localhost:9/v1")
                .run(context -> assertThat(providers(context)).containsExactlyInAnyOrder("myServer", "a.b"));
    }

    @Test
    void aServerThatIsSwitchedOffNeedsNoAddress() {
        runner.withPropertyValues(
                        "ai.openai-compatible.mine.enabled=false", "ai.openai-compatible.groq.api-key=gsk-test")
                .run(context -> assertThat(providers(context)).containsExactly("groq"));
    }

    @Test
    void everythingIsSwitchedOff() {
        runner.withPropertyValues("ai.enabled=false", "ai.openai-compatible.groq.api-key=gsk-test")
                .run(context -> assertThat(context).doesNotHaveBean(OpenAiChatModel.class));
    }

    @Test
    void theNamesOfBuiltInProvidersAreTaken() {
        runner.withPropertyValues(
                        "ai.openai.api-key=sk-test", "ai.openai-compatible.openai.base-url=http://localhost:9")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void everyPropertyReachesTheServer() {
        OpenAiCompatibleProperties properties = bind(Map.ofEntries(
                Map.entry("path", "/chat"),
                Map.entry("query.api-version", "2026-01-01"),
                Map.entry("authentication", "api-key-header"),
                Map.entry("model", "large"),
                Map.entry("max-retries", "7"),
                Map.entry("include-usage", "false"),
                Map.entry("max-tokens-field", "max_output"),
                Map.entry("accepts-top-k", "false"),
                Map.entry("reasoning-field", "reasoning")));
        URI url = URI.create("https://api.groq.com/openai/v1");

        assertThat(properties.server("groq").toOptions("groq", url, OpenAiCompatiblePreset.GROQ, ApiKeySupplier.none()))
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(OpenAiOptions.builder()
                        .provider("groq")
                        .baseUrl(url)
                        .path("/chat")
                        .query(Map.of("api-version", "2026-01-01"))
                        .authentication(OpenAiOptions.Authentication.API_KEY_HEADER)
                        .model("large")
                        .includeUsage(false)
                        .maxTokensField("max_output")
                        .acceptsTopK(false)
                        .reasoningField("reasoning")
                        .build());
        assertThat(properties.callPolicies())
                .containsExactly(
                        Map.entry("groq", new CallPolicy(7, Duration.ofSeconds(3), Duration.ofSeconds(60), null)));
    }

    @Test
    void reasoningGoesBackToTheServersThatRefuseATurnWithoutIt() {
        assertThat(reasoningField(OpenAiCompatiblePreset.DEEPSEEK, Map.of())).isEqualTo("reasoning_content");
        assertThat(reasoningField(OpenAiCompatiblePreset.MOONSHOT, Map.of("reasoning-field", "reasoning")))
                .isEqualTo("reasoning");
        assertThat(reasoningField(OpenAiCompatiblePreset.GROQ, Map.of())).isNull();
        assertThat(reasoningField(null, Map.of())).isNull();
    }

    private static @Nullable String reasoningField(
            @Nullable OpenAiCompatiblePreset preset, Map<String, String> properties) {
        return bind(properties)
                .server("groq")
                .toOptions("it", URI.create("http://localhost:9"), preset, ApiKeySupplier.none())
                .reasoningField();
    }

    @Test
    void theDocumentedTableIsWhatIsBuiltIn() throws IOException {
        List<String> rows = Arrays.stream(OpenAiCompatiblePreset.values())
                .map(preset -> "| `%s` | `%s` | %s | %s | %s |"
                        .formatted(
                                preset.provider(),
                                preset.baseUrl(),
                                preset.needsKey() ? "yes" : "no",
                                preset.includeUsage() ? "asked for" : "comes by itself",
                                preset.reasoningField() == null ? "no" : "`" + preset.reasoningField() + "`"))
                .collect(Collectors.toList());

        assertThat(Files.readAllLines(TABLE).stream()
                        .filter(line -> line.startsWith("| `"))
                        .toList())
                .isEqualTo(rows);
    }

    private static List<String> providers(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(AiStreamingTemplate.class).providers();
    }

    private static OpenAiCompatibleProperties bind(Map<String, String> groq) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        groq.forEach((name, value) -> source.put("ai.openai-compatible.groq." + name, value));
        return new Binder(source).bindOrCreate("ai", OpenAiCompatibleProperties.class);
    }
}
