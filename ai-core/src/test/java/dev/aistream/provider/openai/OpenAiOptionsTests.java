package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiOptionsTests {

    @Test
    void defaultsAreOpenAisOwn() {
        OpenAiOptions options = OpenAiOptions.builder().build();

        assertThat(options.provider()).isEqualTo("openai");
        assertThat(options.endpoint()).hasToString("https://api.openai.com/v1/chat/completions");
        assertThat(options.model()).isEqualTo("gpt-4o-mini");
        assertThat(options.http().maxLineLength()).isEqualTo(16384);
        assertThat(options.maxTokensField()).isEqualTo("max_completion_tokens");
        assertThat(options.includeUsage()).isTrue();
        assertThat(options.acceptsTopK()).isFalse();
    }

    @Test
    void compatibleServersHaveLongLinesAndNoModelOfOurs() {
        OpenAiOptions options = OpenAiOptions.builder()
                .provider("groq")
                .baseUrl(URI.create("https://api.groq.com/openai/v1/"))
                .build();

        assertThat(options.endpoint()).hasToString("https://api.groq.com/openai/v1/chat/completions");
        assertThat(options.model()).isNull();
        assertThat(options.http().maxLineLength()).isEqualTo(ProviderHttpOptions.DEFAULT_MAX_LINE_LENGTH);
        assertThat(options.maxTokensField()).isEqualTo("max_tokens");
        assertThat(options.acceptsTopK()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1, true",
        "https://eu.api.openai.com/v1, true",
        "https://my-resource.openai.azure.com/openai/v1, true",
        "https://my-resource.services.ai.azure.com/openai/v1, true",
        "https://api.deepseek.com, false",
        "https://api.openai.com.evil.example/v1, false",
        "http://localhost:1234/v1, false",
    })
    void theHostDecidesTheNameOfMaxTokens(URI baseUrl, boolean openAi) {
        OpenAiOptions options = OpenAiOptions.builder().baseUrl(baseUrl).build();

        assertThat(options.maxTokensField()).isEqualTo(openAi ? "max_completion_tokens" : "max_tokens");
    }

    @Test
    void azuresAddressesAreBuilt() {
        OpenAiOptions options = OpenAiOptions.builder()
                .provider("azure")
                .baseUrl(URI.create("https://res.openai.azure.com/openai/deployments/my-gpt"))
                .query(Map.of("api-version", "2024-10-21"))
                .build();
        assertThat(options.endpoint())
                .hasToString("https://res.openai.azure.com/openai/deployments/my-gpt/chat/completions"
                        + "?api-version=2024-10-21");

        OpenAiOptions inBaseUrl = OpenAiOptions.builder()
                .baseUrl(URI.create("https://res.openai.azure.com/openai/deployments/my-gpt?api-version=2024-10-21"))
                .path("chat/completions")
                .query(Map.of("x y", "ä&b"))
                .build();
        assertThat(inBaseUrl.endpoint())
                .hasToString("https://res.openai.azure.com/openai/deployments/my-gpt/chat/completions"
                        + "?api-version=2024-10-21&x%20y=%C3%A4%26b");
    }

    @Test
    void whatIsGivenIsTakenAsItIs() {
        OpenAiOptions options = OpenAiOptions.builder()
                .http(ProviderHttpOptions.of(URI.create("http://localhost:1/v1"))
                        .withMaxLineLength(77))
                .maxTokensField("max_output")
                .acceptsTopK(true)
                .model("m")
                .build();

        assertThat(options.http().maxLineLength()).isEqualTo(77);
        assertThat(options.maxTokensField()).isEqualTo("max_output");
        assertThat(options.acceptsTopK()).isTrue();
        assertThat(options.model()).isEqualTo("m");
    }

    @Test
    void keysAndHeaderValuesStayOut() {
        OpenAiOptions options = OpenAiOptions.builder()
                .apiKey("sk-secret")
                .http(ProviderHttpOptions.of(OpenAiOptions.DEFAULT_BASE_URL)
                        .withHeaders(Map.of("x-token", "hidden-value")))
                .query(Map.of("sig", "hidden-value"))
                .build();

        assertThat(options.toString()).doesNotContain("sk-secret", "hidden-value");
    }
}
