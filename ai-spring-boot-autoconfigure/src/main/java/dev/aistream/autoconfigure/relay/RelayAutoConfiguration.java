package dev.aistream.autoconfigure.relay;

import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** What the relays of both web stacks share. */
@AutoConfiguration(afterName = "dev.aistream.autoconfigure.AiAutoConfiguration")
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RelayProperties.class)
public final class RelayAutoConfiguration {

    private static final Duration DEFAULT_RETRY = Duration.ofSeconds(3);

    @Bean
    @ConditionalOnMissingBean
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
    @ConditionalOnMissingBean
    RelayShutdownLifecycle aiRelayShutdownLifecycle(StreamRelay relay, Environment environment) {
        return new RelayShutdownLifecycle(relay, RelayShutdownLifecycle.graceIn(environment));
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
        @ConditionalOnMissingBean
        RelayRequests aiRelayRequests(RelayProperties properties, ObjectProvider<RelayRequestCustomizer> customizers) {
            return new RelayRequests(properties, customizers.orderedStream().toList());
        }

        @Bean
        @ConditionalOnMissingBean
        RelayGate aiRelayGate(RelayProperties properties, StreamRelay relay) {
            return new RelayGate(properties.maxStreams(), properties.maxStreamsPerUser(), relay.retry());
        }

        @Bean
        RelayOpenEndpointWarning aiRelayOpenEndpointWarning(RelayProperties properties, ResourceLoader resources) {
            return new RelayOpenEndpointWarning(properties.path(), resources.getClassLoader());
        }
    }
}
