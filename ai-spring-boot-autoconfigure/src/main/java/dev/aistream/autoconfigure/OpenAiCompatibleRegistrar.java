package dev.aistream.autoconfigure;

import dev.aistream.provider.openai.OpenAiChatModel;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.StringUtils;

/** Defines one bean for each server below {@code ai.openai-compatible}, so that each can be injected by itself. */
final class OpenAiCompatibleRegistrar implements ImportBeanDefinitionRegistrar {

    static final String FACTORY = "aiStreamOpenAiCompatibleChatModelFactory";

    private final Environment environment;

    OpenAiCompatibleRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (String provider : providers(environment)) {
            RootBeanDefinition definition = new RootBeanDefinition(OpenAiChatModel.class);
            definition.setFactoryBeanName(FACTORY);
            definition.setFactoryMethodName("create");
            definition.getConstructorArgumentValues().addIndexedArgumentValue(0, provider);
            registry.registerBeanDefinition(beanName(provider), definition);
        }
    }

    /** The servers that have properties, and the well-known one that {@code ai.provider} names. */
    static Set<String> providers(Environment environment) {
        Binder properties = Binder.get(environment);
        Set<String> providers = new LinkedHashSet<>();
        if (PropertyPrefix.isSet(environment, OpenAiCompatibleProperties.PREFIX)) {
            properties
                    .bind(OpenAiCompatibleProperties.PREFIX, Bindable.mapOf(String.class, Object.class))
                    .ifBound(servers -> providers.addAll(servers.keySet()));
        }
        String named = OnProviderCondition.text(properties, "ai.provider");
        if (!named.isEmpty()) {
            OpenAiCompatiblePreset.of(named).ifPresent(preset -> providers.add(preset.provider()));
        }
        providers.removeIf(provider ->
                !properties.bind(enabled(provider), Bindable.of(Boolean.class)).orElse(true));
        return providers;
    }

    /** A server may be called what no property may, such as {@code myServer} or, in brackets, {@code a.b}. */
    private static ConfigurationPropertyName enabled(String provider) {
        String element = provider.indexOf('.') < 0 ? "." + provider : "[" + provider + "]";
        return ConfigurationPropertyName.adapt(OpenAiCompatibleProperties.PREFIX + element + ".enabled", '.');
    }

    /** {@code lm-studio} becomes {@code aiStreamLmStudioChatModel}. */
    private static String beanName(String provider) {
        return Arrays.stream(provider.split("[^A-Za-z0-9]+"))
                .map(StringUtils::capitalize)
                .collect(Collectors.joining("", "aiStream", "ChatModel"));
    }
}
