package dev.aistream.autoconfigure;

import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Decides {@link ConditionalOnProvider}. */
final class OnProviderCondition extends SpringBootCondition {

    private static final List<String> TELLING = List.of("api-key", "base-url");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Map<String, Object> attributes = metadata.getAnnotationAttributes(ConditionalOnProvider.class.getName());
        String provider = attributes == null ? "" : String.valueOf(attributes.get("value"));
        return outcome(context.getEnvironment(), provider);
    }

    static ConditionOutcome outcome(Environment environment, String provider) {
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnProvider.class, provider);
        String prefix = "ai." + provider + ".";
        Boolean enabled = environment.getProperty(prefix + "enabled", Boolean.class);
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because(prefix + "enabled is " + enabled));
        }
        if (provider.equals(StringUtils.trimWhitespace(environment.getProperty("ai.provider", "")))) {
            return ConditionOutcome.match(message.because("ai.provider names it"));
        }
        for (String property : TELLING) {
            if (StringUtils.hasText(environment.getProperty(prefix + property))) {
                return ConditionOutcome.match(message.foundExactly(prefix + property));
            }
        }
        return ConditionOutcome.noMatch(message.because("no property asks for it"));
    }
}
