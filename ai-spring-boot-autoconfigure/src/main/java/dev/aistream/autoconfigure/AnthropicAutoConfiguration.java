package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.anthropic.AnthropicChatModel;
import dev.aistream.provider.anthropic.AnthropicOptions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** {@link EnableAutoConfiguration Auto-configuration} of Anthropic. */
@AutoConfiguration(after = AiHttpAutoConfiguration.class, before = OpenAiAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@ConditionalOnProvider(AnthropicOptions.DEFAULT_PROVIDER)
@EnableConfigurationProperties(AnthropicProperties.class)
public final class AnthropicAutoConfiguration {

    AnthropicAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(AnthropicChatModel.class)
    AnthropicChatModel aiStreamAnthropicChatModel(
            AnthropicProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        ApiKeySupplier key = ApiKeys.of(
                AnthropicProperties.NAME,
                AnthropicProperties.PREFIX,
                properties,
                AnthropicOptions.DEFAULT_BASE_URL,
                keys);
        return new AnthropicChatModel(properties.toOptions(key), client);
    }
}
