package dev.aistream.autoconfigure;

import dev.aistream.provider.simulated.SimulatedChatModel;
import dev.aistream.provider.simulated.SimulatedOptions;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** {@link EnableAutoConfiguration Auto-configuration} of the provider that needs neither key nor network. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@ConditionalOnProvider(SimulatedChatModel.NAME)
@EnableConfigurationProperties(SimulatedProperties.class)
public final class SimulatedAutoConfiguration {

    SimulatedAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(SimulatedChatModel.class)
    SimulatedChatModel aiStreamSimulatedChatModel(SimulatedProperties properties) {
        return new SimulatedChatModel(new SimulatedOptions(properties.mode(), properties.tokenInterval()));
    }
}
