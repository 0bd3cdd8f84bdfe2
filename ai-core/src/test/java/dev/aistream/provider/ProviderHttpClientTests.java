package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ProviderHttpClientTests {

    private static final URI PROVIDER = URI.create("http://provider/v1");

    @Test
    void refusesTheJdksConnector() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderHttpClient.create(WebClient.builder(), new JdkClientHttpConnector()))
                .withMessageContaining("never closes");
    }

    @Test
    void requestsHeadersAndTimeoutWin() {
        ProviderCall call = ProviderCall.post(PROVIDER, new byte[0])
                .header("X-A", "provider")
                .header("X-B", "provider")
                .header("X-C", "provider")
                .options(ProviderHttpOptions.of(PROVIDER).withHeaders(Map.of("x-b", "options", "x-c", "options")))
                .request(ChatRequest.builder()
                        .prompt("question")
                        .header("x-c", "request")
                        .timeout(Duration.ofSeconds(5))
                        .build())
                .decoder(head -> new LetterDecoder())
                .build();

        assertThat(call.headers())
                .containsEntry("X-A", "provider")
                .containsEntry("X-B", "options")
                .containsEntry("X-C", "request")
                .containsEntry("Accept", "text/event-stream");
        assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(call.toString()).isEqualTo("ProviderCall[POST http://provider]");
    }

    @Test
    void supplierOfKeysThatFailsIsAFailureOfTheCall() {
        ProviderHttpClient client = ProviderHttpClient.create(
                WebClient.builder(), ProviderConnector.create().connector());

        StepVerifier.create(client.stream(
                        provider -> Mono.error(new IllegalStateException("secret of the vault")), "openai", key -> {
                            throw new AssertionError("no call without a key");
                        }))
                .expectErrorSatisfies(failure -> {
                    assertThat(((ChatException) failure).kind()).isEqualTo(Kind.INVALID_REQUEST);
                    assertThat(failure.toString()).contains("openai").doesNotContain("secret");
                })
                .verify(Duration.ofSeconds(5));
    }
}
