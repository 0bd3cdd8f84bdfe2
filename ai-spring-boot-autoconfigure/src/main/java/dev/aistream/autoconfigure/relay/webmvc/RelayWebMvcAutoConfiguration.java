package dev.aistream.autoconfigure.relay.webmvc;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.RelayAutoConfiguration;
import dev.aistream.autoconfigure.relay.RelayGate;
import dev.aistream.autoconfigure.relay.RelayRequests;
import dev.aistream.relay.StreamRelay;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The relay on the servlet stack: the converter always, the endpoint where it is enabled. */
@AutoConfiguration(after = RelayAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass(SseEmitter.class)
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
public final class RelayWebMvcAutoConfiguration {

    @Bean
    @Lazy
    @ConditionalOnMissingBean(WebMvcStreamRelay.class)
    WebMvcStreamRelay aiWebMvcStreamRelay(StreamRelay relay) {
        return new WebMvcStreamRelay(relay);
    }

    @Bean
    @ConditionalOnMissingBean(WebMvcRelayController.class)
    @ConditionalOnBooleanProperty("ai.relay.enabled")
    WebMvcRelayController aiWebMvcRelayController(
            AiStreamingTemplate template,
            StreamRelay streamRelay,
            WebMvcStreamRelay relay,
            RelayRequests requests,
            RelayGate gate) {
        return new WebMvcRelayController(template, streamRelay, relay, requests, gate);
    }
}
