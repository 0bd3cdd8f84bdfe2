package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.provider.responses.OpenAiResponsesChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
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
    @ConditionalOnMissingBean(OpenAiChatModel.class)
    @Conditional(OnChatCompletionsCondition.class)
    OpenAiChatModel aiStreamOpenAiChatModel(
            OpenAiProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        return new OpenAiChatModel(properties.toOptions(key(properties, keys)), client);
    }

    @Bean
    @ConditionalOnMissingBean(OpenAiResponsesChatModel.class)
    @ConditionalOnProperty(name = "ai.openai.api", havingValue = "responses")
    OpenAiResponsesChatModel aiStreamOpenAiResponsesChatModel(
            OpenAiProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        return new OpenAiResponsesChatModel(properties.toResponsesOptions(key(properties, keys)), client);
    }

    private static ApiKeySupplier key(OpenAiProperties properties, ObjectProvider<ApiKeySupplier> keys) {
        return ApiKeys.of(
                OpenAiProperties.NAME, OpenAiProperties.PREFIX, properties, OpenAiOptions.DEFAULT_BASE_URL, keys);
    }
}
