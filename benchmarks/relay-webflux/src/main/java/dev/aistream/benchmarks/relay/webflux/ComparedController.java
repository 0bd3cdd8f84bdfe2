package dev.aistream.benchmarks.relay.webflux;

import dev.aistream.benchmarks.macro.Upstream;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the relay is compared with. */
@RestController
class ComparedController {

    /** What goes to the browser, as of the relay. */
    record Token(String text) {}

    private final Upstream upstream;

    ComparedController(Upstream upstream) {
        this.upstream = upstream;
    }

    /** The floor: the provider's buffers themselves, each flushed. */
    @GetMapping("/floor")
    Mono<Void> floor(@RequestParam String prompt, ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        return response.writeAndFlushWith(upstream.bytes(prompt).map(Mono::just));
    }

    @GetMapping("/webclient")
    Flux<ServerSentEvent<Token>> byHand(@RequestParam String prompt) {
        return upstream.text(prompt)
                .map(text -> ServerSentEvent.builder(new Token(text)).build());
    }
}
