package dev.aistream.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Decides {@link ConditionalOnProvider}. */
final class OnProviderCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        MergedAnnotation<ConditionalOnProvider> annotation =
                metadata.getAnnotations().get(ConditionalOnProvider.class);
        return outcome(
                Binder.get(context.getEnvironment()),
                annotation.getString("value"),
                annotation.getStringArray("properties"));
    }

    /** The binder, unlike the environment, puts up with a placeholder that nothing resolves. */
    static ConditionOutcome outcome(Binder properties, String provider, String... telling) {
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnProvider.class, provider);
        String prefix = "ai." + provider + ".";
        Boolean enabled = properties.bind(prefix + "enabled", Boolean.class).orElse(null);
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because(prefix + "enabled is " + enabled));
        }
        if (provider.equals(text(properties, "ai.provider"))) {
            return ConditionOutcome.match(message.because("ai.provider names it"));
        }
        for (String property : telling) {
            if (!text(properties, prefix + property).isEmpty()) {
                return ConditionOutcome.match(message.foundExactly(prefix + property));
            }
        }
        return ConditionOutcome.noMatch(message.because("no property asks for it"));
    }

    static String text(Binder properties, String name) {
        return properties.bind(name, String.class).orElse("").trim();
    }
}
