package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ollama.OllamaChatModel;
import dev.aistream.provider.ollama.OllamaOptions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** {@link EnableAutoConfiguration Auto-configuration} of Ollama. */
@AutoConfiguration(after = AiHttpAutoConfiguration.class, before = OpenAiAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@ConditionalOnProvider(
        value = OllamaOptions.DEFAULT_PROVIDER,
        properties = {"model", "base-url", "api-key"})
@EnableConfigurationProperties(OllamaProperties.class)
public final class OllamaAutoConfiguration {

    OllamaAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(OllamaChatModel.class)
    OllamaChatModel aiStreamOllamaChatModel(
            OllamaProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        ApiKeySupplier key =
                ApiKeys.of(OllamaProperties.NAME, OllamaProperties.PREFIX, properties.apiKey(), false, keys);
        return new OllamaChatModel(properties.toOptions(key), client);
    }
}
