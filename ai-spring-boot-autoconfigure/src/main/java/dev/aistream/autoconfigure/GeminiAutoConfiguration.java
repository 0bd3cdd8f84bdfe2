package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.gemini.GeminiChatModel;
import dev.aistream.provider.gemini.GeminiOptions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** {@link EnableAutoConfiguration Auto-configuration} of Google's Gemini. */
@AutoConfiguration(after = AiHttpAutoConfiguration.class, before = OpenAiAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@ConditionalOnProvider(GeminiOptions.DEFAULT_PROVIDER)
@EnableConfigurationProperties(GeminiProperties.class)
public final class GeminiAutoConfiguration {

    GeminiAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(GeminiChatModel.class)
    GeminiChatModel aiStreamGeminiChatModel(
            GeminiProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        ApiKeySupplier key = ApiKeys.of(
                GeminiProperties.NAME, GeminiProperties.PREFIX, properties, GeminiOptions.DEFAULT_BASE_URL, keys);
        return new GeminiChatModel(properties.toOptions(key), client);
    }
}
