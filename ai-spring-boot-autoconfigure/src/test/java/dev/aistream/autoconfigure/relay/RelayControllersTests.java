package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.answer;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.webflux.WebFluxStreamRelay;
import dev.aistream.autoconfigure.relay.webmvc.WebMvcStreamRelay;
import dev.aistream.chat.ChatException;
import dev.aistream.relay.RelayHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;

/** The converters in controllers of an application's own, with no endpoint of ours. */
class RelayControllersTests {

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void controllersOfOnesOwnSendTheSameBytes(WebApplicationType stack) {
        Class<?> controllers = stack == WebApplicationType.SERVLET ? Mvc.class : WebFlux.class;
        try (RelayServer server = RelayServer.startWith(stack, controllers, "ai.relay.enabled=false")) {
            server.model().answers(answer(" Hello\n"));
            try (Browser browser = server.get("/own");
                    Browser endpoint = server.get("/stream?prompt=hi")) {
                assertThat(browser.header("Content-Type")).startsWith("text/event-stream");
                assertThat(browser.rest())
                        .startsWith("id:0\nretry:3000\n\nid:1\nevent:chunk\ndata:{\"text\":\" Hello\\n\"}\n\n"
                                + "id:2\nevent:complete\ndata:{\"finishReason\":\"stop\"")
                        .endsWith("}\n\n");
                assertThat(endpoint.status()).isEqualTo(HttpStatus.NOT_FOUND.value());
            }

            server.model()
                    .answers(Flux.error(ChatException.builder(ChatException.Kind.TIMEOUT, "x")
                            .build()));
            try (Browser browser = server.get("/own-status")) {
                assertThat(browser.status()).isEqualTo(HttpStatus.I_AM_A_TEAPOT.value());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void browserThatLeavesOnesOwnControllerClosesTheProvider(WebApplicationType stack) throws Exception {
        Class<?> controllers = stack == WebApplicationType.SERVLET ? Mvc.class : WebFlux.class;
        try (RelayServer server = RelayServer.startWith(stack, controllers, "ai.relay.heartbeat=50ms")) {
            server.model().answers(Flux.concat(Flux.just(START, text("a")), Flux.never()));
            Browser browser = server.get("/own");
            assertThat(browser.block()).startsWith("id:0");

            browser.reset();

            assertThat(server.model().wasCancelledWithin(5)).isTrue();
        }
    }

    @Test
    void eventSourceThatReconnectsToOnesOwnControllerIsToldToStop() {
        try (RelayServer server = RelayServer.startWith(WebApplicationType.SERVLET, Mvc.class)) {
            server.model().answers(answer("unseen"));

            try (Browser browser = server.get("/own", "Last-Event-ID: 2")) {
                assertThat(browser.status()).isEqualTo(HttpStatus.NO_CONTENT.value());
            }
            assertThat(server.model().calls()).isZero();
        }
    }

    @RestController
    @Configuration(proxyBeanMethods = false)
    static class Mvc {

        private final AiStreamingTemplate ai;
        private final WebMvcStreamRelay relay;

        Mvc(AiStreamingTemplate ai, WebMvcStreamRelay relay) {
            this.ai = ai;
            this.relay = relay;
        }

        @GetMapping("/own")
        SseEmitter own() {
            return relay.toEmitter(ai.stream("hi"));
        }

        @GetMapping("/own-status")
        SseEmitter ownStatus() {
            return relay.toEmitter(ai.stream("hi"), RelayHead.AWAITS_FIRST_EVENT);
        }

        @ExceptionHandler(ChatException.class)
        @ResponseStatus(HttpStatus.I_AM_A_TEAPOT)
        void failed() {}
    }

    @RestController
    @Configuration(proxyBeanMethods = false)
    static class WebFlux {

        private final AiStreamingTemplate ai;
        private final WebFluxStreamRelay relay;

        WebFlux(AiStreamingTemplate ai, WebFluxStreamRelay relay) {
            this.ai = ai;
            this.relay = relay;
        }

        @GetMapping(path = "/own", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<ServerSentEvent<String>> own() {
            return relay.toFlux(ai.stream("hi"));
        }

        @GetMapping(path = "/own-status", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<ServerSentEvent<String>> ownStatus() {
            return relay.toFlux(ai.stream("hi"), RelayHead.AWAITS_FIRST_EVENT);
        }

        @ExceptionHandler(ChatException.class)
        @ResponseStatus(HttpStatus.I_AM_A_TEAPOT)
        void failed() {}
    }
}
