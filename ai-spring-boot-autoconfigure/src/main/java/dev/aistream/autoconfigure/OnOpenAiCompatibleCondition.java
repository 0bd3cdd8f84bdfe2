package dev.aistream.autoconfigure;

import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if there is at least one server below {@code ai.openai-compatible}. */
final class OnOpenAiCompatibleCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Set<String> providers = OpenAiCompatibleRegistrar.providers(context.getEnvironment());
        ConditionMessage.Builder message = ConditionMessage.forCondition("OpenAI-compatible servers");
        return providers.isEmpty()
                ? ConditionOutcome.noMatch(message.didNotFind("any").atAll())
                : ConditionOutcome.match(message.found("server", "servers").items(providers));
    }
}
