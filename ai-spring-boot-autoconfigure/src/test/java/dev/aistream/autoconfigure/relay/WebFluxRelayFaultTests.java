package dev.aistream.autoconfigure.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** The endpoint on Reactor Netty. */
class WebFluxRelayFaultTests extends RelayFaultContract {

    WebFluxRelayFaultTests() {
        super(WebApplicationType.REACTIVE);
    }

    /** What waits is bounded by writes of our own on the channel, which is another kind of channel there. */
    @Test
    void longAnswerIsReadWholeOverHttp2() {
        String[] fragments = Collections.nCopies(300, "z".repeat(1024)).toArray(String[]::new);
        try (RelayServer server = RelayServer.start(WebApplicationType.REACTIVE, "server.http2.enabled=true")) {
            server.model().answers(TestModel.answer(fragments));

            String answer = HttpClient.newConnection()
                    .protocol(HttpProtocol.H2C)
                    .headers(headers -> headers.set("Accept", "text/event-stream"))
                    .get()
                    .uri("http://127.0.0.1:" + server.port() + "/stream?prompt=hi")
                    .responseSingle((response, body) -> Mono.just(response.version() + "\n")
                            .concatWith(body.asString())
                            .reduce(String::concat))
                    .block(Duration.ofSeconds(10));

            assertThat(answer).startsWith("HTTP/2.0\n").contains("event:complete");
            assertThat(answer.chars().filter(c -> c == 'z').count()).isEqualTo(300 * 1024);
        }
    }
}
