package dev.aistream.autoconfigure;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Decides {@link ConditionalOnProvider}. */
final class OnProviderCondition extends SpringBootCondition {

    private static final List<String> TELLING = List.of("api-key", "base-url");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Map<String, @Nullable Object> attributes = metadata.getAnnotationAttributes(ConditionalOnProvider.class.getName());
        String provider = attributes == null ? "" : String.valueOf(attributes.get("value"));
        return outcome(Binder.get(context.getEnvironment()), provider);
    }

    /** The binder, unlike the environment, puts up with a placeholder that nothing resolves. */
    static ConditionOutcome outcome(Binder properties, String provider) {
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnProvider.class, provider);
        String prefix = "ai." + provider + ".";
        Boolean enabled = properties.bind(prefix + "enabled", Boolean.class).orElse(null);
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because(prefix + "enabled is " + enabled));
        }
        if (provider.equals(text(properties, "ai.provider"))) {
            return ConditionOutcome.match(message.because("ai.provider names it"));
        }
        for (String property : TELLING) {
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
