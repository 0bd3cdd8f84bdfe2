package dev.aistream.autoconfigure;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image has to keep: the public model, which applications write as JSON. Everything else is found by
 * Spring's own processing of beans and properties, or needs no reflection.
 */
final class AiRuntimeHints implements RuntimeHintsRegistrar {

    private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        bindings.registerReflectionHints(hints.reflection(), ChatRequest.class, ChatResponse.class);
        Stream.of(ChatEvent.class, Message.class, Content.class)
                .flatMap(AiRuntimeHints::withSubtypes)
                .forEach(type -> bindings.registerReflectionHints(hints.reflection(), type));
    }

    /** The kinds of a sealed type, which its own declaration does not lead to. */
    private static Stream<Class<?>> withSubtypes(Class<?> type) {
        Class<?>[] subtypes = type.getPermittedSubclasses();
        return subtypes == null
                ? Stream.of(type)
                : Stream.concat(Stream.of(type), Stream.of(subtypes).flatMap(AiRuntimeHints::withSubtypes));
    }
}
