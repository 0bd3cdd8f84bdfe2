package dev.aistream.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches unless {@code ai.openai.api} asks for the Responses API; an empty value is none. */
final class OnChatCompletionsCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String api = OnProviderCondition.text(Binder.get(context.getEnvironment()), "ai.openai.api");
        ConditionMessage message = ConditionMessage.forCondition("Chat Completions")
                .because(api.isEmpty() ? "ai.openai.api is not set" : "ai.openai.api is " + api);
        return new ConditionOutcome(!api.equalsIgnoreCase(OpenAiApi.RESPONSES.name()), message);
    }
}
