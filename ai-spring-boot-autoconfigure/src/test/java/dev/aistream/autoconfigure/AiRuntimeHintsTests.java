package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.Message;
import dev.aistream.chat.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

class AiRuntimeHintsTests {

    private final RuntimeHints hints = registered();

    @ParameterizedTest
    @ValueSource(
            classes = {
                ChatRequest.class,
                ChatResponse.class,
                ChatEvent.TextDelta.class,
                ChatEvent.ResponseEnd.class,
                Message.class,
                Usage.class
            })
    void theModelCanBeWrittenAsJson(Class<?> type) {
        assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints);
        if (type.isRecord()) {
            String accessor = type.getRecordComponents()[0].getName();
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(type, accessor))
                    .accepts(hints);
        }
    }

    @Test
    void everyEventIsKept() {
        assertThat(ChatEvent.class.getPermittedSubclasses())
                .isNotEmpty()
                .allSatisfy(
                        event -> assertThat(RuntimeHintsPredicates.reflection().onType(event))
                                .accepts(hints));
    }

    private static RuntimeHints registered() {
        RuntimeHints hints = new RuntimeHints();
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(AiRuntimeHints.class::isInstance)
                .forEach(registrar -> registrar.registerHints(hints, AiRuntimeHintsTests.class.getClassLoader()));
        return hints;
    }
}
