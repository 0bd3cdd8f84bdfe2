package dev.aistream.autoconfigure;

import dev.aistream.chat.ChatModel;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the properties ask for OpenAI, or for no provider at all while there is no bean of one either. */
final class OnOpenAiCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Binder properties = Binder.get(context.getEnvironment());
        ConditionOutcome asked = OnProviderCondition.outcome(properties, OpenAiProperties.NAME, "api-key", "base-url");
        if (asked.isMatch()
                || properties.bind("ai.openai.enabled", String.class).isBound()) {
            return asked;
        }
        ConditionMessage.Builder message = ConditionMessage.forCondition("Default provider");
        if (!OnProviderCondition.text(properties, "ai.provider").isEmpty()) {
            return ConditionOutcome.noMatch(message.because("ai.provider names another"));
        }
        if (!OpenAiCompatibleRegistrar.providers(context.getEnvironment()).isEmpty()) {
            return ConditionOutcome.noMatch(message.because("ai.openai-compatible has servers"));
        }
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        String[] models = beans == null ? new String[0] : beans.getBeanNamesForType(ChatModel.class, true, false);
        return models.length > 0
                ? ConditionOutcome.noMatch(message.found("bean", "beans").items((Object[]) models))
                : ConditionOutcome.match(message.because("no other provider is configured"));
    }
}
