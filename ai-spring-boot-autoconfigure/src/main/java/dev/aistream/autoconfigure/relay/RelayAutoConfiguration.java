package dev.aistream.autoconfigure.relay;

import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** What the relays of both web stacks share: made, like the adapters, when a controller of theirs or yours is. */
@AutoConfiguration(afterName = "dev.aistream.autoconfigure.AiAutoConfiguration")
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RelayProperties.class)
public final class RelayAutoConfiguration {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("ai.relay");
    private static final Duration DEFAULT_RETRY = Duration.ofSeconds(3);

    @Bean
    @Lazy
    @ConditionalOnMissingBean(StreamRelay.class)
    StreamRelay aiStreamRelay(RelayProperties properties, Environment environment) {
        return StreamRelay.builder()
                .heartbeat(properties.heartbeat())
                .retry(properties.retry() != null ? properties.retry() : retryInterval(environment))
                .headWait(properties.headWait())
                .maxDuration(properties.maxDuration())
                .writeTimeout(properties.writeTimeout())
                .build();
    }

    @Bean
    @ConditionalOnMissingBean(RelayShutdownLifecycle.class)
    RelayShutdownLifecycle aiRelayShutdownLifecycle(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<RelayProperties> properties,
            Environment environment) {
        if (isConfigured(environment)) {
            // Out of range they fail the start, whether anything relays or not.
            properties.getObject();
        }
        return new RelayShutdownLifecycle(() -> made(beans), RelayShutdownLifecycle.graceIn(environment));
    }

    /** Empty where nobody has asked for the relay. */
    private static List<StreamRelay> made(ConfigurableListableBeanFactory beans) {
        return Stream.of(beans.getBeanNamesForType(StreamRelay.class, true, false))
                .filter(beans::containsSingleton)
                .map(name -> beans.getBean(name, StreamRelay.class))
                .toList();
    }

    private static boolean isConfigured(Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(PREFIX) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    private static Duration retryInterval(Environment environment) {
        Binder binder = Binder.get(environment);
        String provider = binder.bind("ai.provider", String.class).orElse("openai");
        return binder.bind("ai." + provider + ".retry-interval", Duration.class).orElse(DEFAULT_RETRY);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("ai.relay.enabled")
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean(RelayRequests.class)
        RelayRequests aiRelayRequests(RelayProperties properties, ObjectProvider<RelayRequestCustomizer> customizers) {
            return new RelayRequests(properties, customizers.orderedStream().toList());
        }

        @Bean
        @ConditionalOnMissingBean(RelayGate.class)
        RelayGate aiRelayGate(RelayProperties properties, StreamRelay relay) {
            return new RelayGate(properties.maxStreams(), properties.maxStreamsPerUser(), relay.retry());
        }

        @Bean
        RelayOpenEndpointWarning aiRelayOpenEndpointWarning(RelayProperties properties, ResourceLoader resources) {
            return new RelayOpenEndpointWarning(properties.path(), resources.getClassLoader());
        }
    }
}
