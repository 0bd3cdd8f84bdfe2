package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How the reactive relay writes. */
class WebFluxRelayWriteTests {

    /** As filters do that log or sign bodies: streams, which are flushed, they leave alone. */
    @Test
    void filterThatCollectsWholeBodiesDoesNotHoldUpTheStream() {
        try (RelayServer server = RelayServer.startWith(WebApplicationType.REACTIVE, CollectingFilter.class)) {
            server.model().answers(Flux.concat(Flux.just(START, text("a")), Flux.never()));

            try (Browser browser = server.get("/stream?prompt=hi")) {
                assertThat(browser.block()).isEqualTo("id:0\nretry:3000\n\n");
                assertThat(browser.block()).isEqualTo("id:1\nevent:chunk\ndata:{\"text\":\"a\"}\n\n");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CollectingFilter {

        @Bean
        WebFilter collecting() {
            return (exchange, chain) -> chain.filter(exchange.mutate()
                    .response(new ServerHttpResponseDecorator(exchange.getResponse()) {
                        @Override
                        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
                            return super.writeWith(DataBufferUtils.join(body));
                        }
                    })
                    .build());
        }
    }
}
