package dev.aistream.autoconfigure;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.AiStreamingTemplateCustomizer;
import dev.aistream.CallPolicy;
import dev.aistream.ChatCallListener;
import dev.aistream.chat.ChatModel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the {@link AiStreamingTemplate}, over every {@link ChatModel}
 * bean.
 */
@AutoConfiguration(
        after = {
            OpenAiAutoConfiguration.class,
            OpenAiCompatibleAutoConfiguration.class,
            SimulatedAutoConfiguration.class
        })
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AiProperties.class)
public final class AiAutoConfiguration {

    AiAutoConfiguration() {}

    /** What the application's template is built from; each injection gets a builder of its own to change. */
    @Bean
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    @ConditionalOnMissingBean(AiStreamingTemplate.Builder.class)
    AiStreamingTemplate.Builder aiStreamingTemplateBuilder(
            ObjectProvider<AiProperties> bound,
            Environment environment,
            ObjectProvider<ChatModel> models,
            ObjectProvider<CallPolicies> policies,
            ObjectProvider<ChatCallListener> listeners,
            ObjectProvider<AiStreamingTemplateCustomizer> customizers) {
        AiProperties properties = AiProperties.in(environment, bound);
        ConfiguredProviders providers =
                new ConfiguredProviders(models.orderedStream().toList(), properties.provider());
        Map<String, CallPolicy> policyByProvider = new LinkedHashMap<>();
        policies.forEach(each -> policyByProvider.putAll(each.callPolicies()));
        AiStreamingTemplate.Builder builder = AiStreamingTemplate.builder();
        for (ChatModel model : providers.models()) {
            builder.model(model, policyByProvider.getOrDefault(model.name(), CallPolicy.DEFAULT));
        }
        listeners.orderedStream().forEach(builder::listener);
        return builder.defaultProvider(providers.defaultProvider())
                .fallback(providers.fallback(properties.fallback()))
                .maxKeptText(properties.maxKeptText())
                .customize(customizers.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(AiStreamingTemplate.class)
    AiStreamingTemplate aiStreamingTemplate(AiStreamingTemplate.Builder builder) {
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean(name = "aiStreamShutdownLifecycle")
    AiShutdownLifecycle aiStreamShutdownLifecycle(ConfigurableListableBeanFactory beans, Environment environment) {
        return new AiShutdownLifecycle(beans, AiShutdownLifecycle.phaseIn(environment));
    }
}
