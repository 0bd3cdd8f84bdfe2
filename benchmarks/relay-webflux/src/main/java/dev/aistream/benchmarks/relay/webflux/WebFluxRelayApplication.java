package dev.aistream.benchmarks.relay.webflux;

import dev.aistream.benchmarks.macro.Control;
import dev.aistream.benchmarks.macro.Upstream;
import dev.aistream.provider.ProviderConnector;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The starter's own endpoint at {@code /stream}, and the others beside it; the runner asks only one. */
@SpringBootApplication
class WebFluxRelayApplication {

    public static void main(String[] arguments) throws Exception {
        try (ConfigurableApplicationContext context = SpringApplication.run(WebFluxRelayApplication.class, arguments)) {
            Control.serve(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        }
    }

    @Bean
    Upstream upstream(@Value("${ai.openai.base-url}") String baseUrl, ProviderConnector connector) {
        return new Upstream(baseUrl, connector.connector());
    }
}
