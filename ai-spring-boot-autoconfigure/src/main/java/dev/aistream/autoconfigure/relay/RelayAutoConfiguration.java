package dev.aistream.autoconfigure.relay;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.CallPolicy;
import dev.aistream.autoconfigure.CallPolicies;
import dev.aistream.autoconfigure.PropertyPrefix;
import dev.aistream.relay.StreamRelay;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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

    RelayAutoConfiguration(ObjectProvider<RelayProperties> properties, Environment environment) {
        if (PropertyPrefix.isSet(environment, "ai.relay")) {
            // Out of range they fail the start, whether anything relays or not.
            properties.getObject();
        }
    }

    @Bean
    @Lazy
    @ConditionalOnMissingBean(StreamRelay.class)
    StreamRelay aiStreamRelay(
            RelayProperties properties,
            ObjectProvider<AiStreamingTemplate> templates,
            ObjectProvider<CallPolicies> policies) {
        Duration retry = properties.retry();
        return StreamRelay.builder()
                .heartbeat(properties.heartbeat())
                .retry(retry != null ? retry : retryInterval(templates.getIfUnique(), policies))
                .headWait(properties.headWait())
                .maxDuration(properties.maxDuration())
                .writeTimeout(properties.writeTimeout())
                .build();
    }

    /** That of the template's default provider, where there is one template. */
    private static Duration retryInterval(
            @Nullable AiStreamingTemplate template, ObjectProvider<CallPolicies> policies) {
        String provider = template == null ? "" : template.providers().get(0);
        return policies.stream()
                .map(CallPolicies::callPolicies)
                .filter(each -> each.containsKey(provider))
                .map(each -> each.get(provider).retryInterval())
                .findFirst()
                .orElse(CallPolicy.DEFAULT.retryInterval());
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
