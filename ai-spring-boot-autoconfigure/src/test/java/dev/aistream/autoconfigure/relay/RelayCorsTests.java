package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.answer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Pages of other sites, with a CORS mapping. */
class RelayCorsTests {

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void siteThatTheMappingAllowsIsAnsweredAndOthersAreNot(WebApplicationType stack) {
        Class<?> mapping = stack == WebApplicationType.SERVLET ? MvcMapping.class : WebFluxMapping.class;
        try (RelayServer server = RelayServer.startWith(stack, mapping)) {
            server.model().answers(answer("hello"));
            try (Browser friend = server.get(
                            "/stream?prompt=hi", "Sec-Fetch-Site: cross-site", "Origin: https://friend.example");
                    Browser stranger = server.get(
                            "/stream?prompt=hi", "Sec-Fetch-Site: cross-site", "Origin: https://stranger.example");
                    Browser plainFriend = server.get("/stream?prompt=hi", "Origin: https://friend.example");
                    Browser image = server.get("/stream?prompt=hi", "Sec-Fetch-Site: cross-site")) {
                assertThat(friend.header("Access-Control-Allow-Origin")).isEqualTo("https://friend.example");
                assertThat(friend.rest()).contains("hello");
                assertThat(plainFriend.rest()).contains("hello");
                assertThat(stranger.status()).isEqualTo(HttpStatus.FORBIDDEN.value());
                assertThat(image.status()).isEqualTo(HttpStatus.FORBIDDEN.value());
            }
            assertThat(server.model().calls()).isEqualTo(2);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MvcMapping {

        @Bean
        WebMvcConfigurer cors() {
            return new WebMvcConfigurer() {
                @Override
                public void addCorsMappings(org.springframework.web.servlet.config.annotation.CorsRegistry registry) {
                    registry.addMapping("/stream").allowedOrigins("https://friend.example");
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WebFluxMapping {

        @Bean
        WebFluxConfigurer cors() {
            return new WebFluxConfigurer() {
                @Override
                public void addCorsMappings(org.springframework.web.reactive.config.CorsRegistry registry) {
                    registry.addMapping("/stream").allowedOrigins("https://friend.example");
                }
            };
        }
    }
}
