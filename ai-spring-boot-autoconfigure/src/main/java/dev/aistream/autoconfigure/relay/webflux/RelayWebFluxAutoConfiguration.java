package dev.aistream.autoconfigure.relay.webflux;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.RelayAutoConfiguration;
import dev.aistream.autoconfigure.relay.RelayGate;
import dev.aistream.autoconfigure.relay.RelayRequests;
import dev.aistream.relay.StreamRelay;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** The relay on the reactive stack: the converter always, the endpoint where it is enabled. */
@AutoConfiguration(after = RelayAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
public final class RelayWebFluxAutoConfiguration {

    @Bean
    @Lazy
    @ConditionalOnMissingBean(WebFluxStreamRelay.class)
    WebFluxStreamRelay aiWebFluxStreamRelay(StreamRelay relay) {
        return new WebFluxStreamRelay(relay);
    }

    @Bean
    @ConditionalOnMissingBean(WebFluxRelayController.class)
    @ConditionalOnBooleanProperty("ai.relay.enabled")
    WebFluxRelayController aiWebFluxRelayController(
            AiStreamingTemplate template,
            StreamRelay streamRelay,
            WebFluxStreamRelay relay,
            RelayRequests requests,
            RelayGate gate) {
        return new WebFluxRelayController(template, streamRelay, relay, requests, gate);
    }
}
