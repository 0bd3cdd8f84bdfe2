package dev.aistream.autoconfigure;

import dev.aistream.chat.ChatModel;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches if the properties ask for OpenAI, or for no provider at all while there is no bean of one either. */
final class OnOpenAiCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        ConditionOutcome asked = OnProviderCondition.outcome(environment, OpenAiProperties.NAME);
        if (asked.isMatch() || environment.getProperty("ai.openai.enabled") != null) {
            return asked;
        }
        ConditionMessage.Builder message = ConditionMessage.forCondition("Default provider");
        if (StringUtils.hasText(environment.getProperty("ai.provider"))) {
            return ConditionOutcome.noMatch(message.because("ai.provider names another"));
        }
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        String[] models = beans == null ? new String[0] : beans.getBeanNamesForType(ChatModel.class, true, false);
        return models.length > 0
                ? ConditionOutcome.noMatch(message.found("bean", "beans").items((Object[]) models))
                : ConditionOutcome.match(message.because("no other provider is configured"));
    }
}
