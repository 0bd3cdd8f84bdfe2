package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of OpenAI, and of the default where nothing else is configured.
 */
@AutoConfiguration(after = {AiHttpAutoConfiguration.class, SimulatedAutoConfiguration.class})
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@Conditional(OnOpenAiCondition.class)
@EnableConfigurationProperties(OpenAiProperties.class)
public final class OpenAiAutoConfiguration {

    OpenAiAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    OpenAiChatModel aiStreamOpenAiChatModel(
            OpenAiProperties properties, ObjectProvider<ApiKeySupplier> apiKeySuppliers, ProviderHttpClient client) {
        ApiKeys keys = new ApiKeys(apiKeySuppliers);
        ApiKeySupplier key = properties.needsKey()
                ? keys.required(OpenAiProperties.NAME, properties.apiKey())
                : keys.optional(properties.apiKey());
        return new OpenAiChatModel(properties.toOptions(key), client);
    }
}
