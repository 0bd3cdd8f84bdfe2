package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of servers that speak OpenAI's protocol, by name. Their beans are
 * of OpenAI's type, so they come after it has looked for that of a user.
 */
@AutoConfiguration(after = {AiHttpAutoConfiguration.class, OpenAiAutoConfiguration.class})
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@Conditional(OnOpenAiCompatibleCondition.class)
@EnableConfigurationProperties(OpenAiCompatibleProperties.class)
@Import(OpenAiCompatibleRegistrar.class)
public final class OpenAiCompatibleAutoConfiguration {

    OpenAiCompatibleAutoConfiguration() {}

    @Bean(OpenAiCompatibleRegistrar.FACTORY)
    @ConditionalOnMissingBean(OpenAiCompatibleChatModelFactory.class)
    OpenAiCompatibleChatModelFactory aiStreamOpenAiCompatibleChatModelFactory(
            OpenAiCompatibleProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        return new OpenAiCompatibleChatModelFactory(properties, keys, client);
    }
}
