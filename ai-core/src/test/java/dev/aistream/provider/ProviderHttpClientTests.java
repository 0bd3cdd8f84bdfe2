package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ProviderHttpClientTests {

    private static final URI PROVIDER = URI.create("http://provider/v1");

    private final ProviderConnector connector = ProviderConnector.create();
    private final ProviderHttpClient client = ProviderHttpClient.create(WebClient.builder(), connector.connector());

    @AfterEach
    void close() {
        connector.close();
    }

    @Test
    void refusesTheJdksConnector() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderHttpClient.create(WebClient.builder(), new JdkClientHttpConnector()))
                .withMessageContaining("never closes");
    }

    @Test
    void leavesTheBuilderAsItIs() {
        IllegalStateException own = new IllegalStateException("own connector");
        WebClient.Builder builder = WebClient.builder().clientConnector((method, uri, request) -> Mono.error(own));

        ProviderHttpClient.create(builder, connector.connector());
        ProviderHttpClient.create(() -> builder, connector).warmUp();

        StepVerifier.create(builder.build().get().uri(PROVIDER).retrieve().toBodilessEntity())
                .expectErrorMatches(failure -> failure.getCause() == own)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void isMadeWhenFirstNeededAndOnce() {
        AtomicInteger made = new AtomicInteger();
        ProviderHttpClient later = ProviderHttpClient.create(
                () -> {
                    made.incrementAndGet();
                    return WebClient.builder();
                },
                connector);
        Flux<ChatEvent> call = later.stream(call());
        assertThat(made).hasValue(0);

        later.warmUp();
        later.warmUp();
        StepVerifier.create(call).expectError(ChatException.class).verify(Duration.ofSeconds(5));

        assertThat(made).hasValue(1);
    }

    @Test
    void aClientThatCannotBeMadeFailsTheCall() {
        ProviderHttpClient broken = ProviderHttpClient.create(
                () -> {
                    throw new IllegalStateException("broken");
                },
                connector);

        StepVerifier.create(broken.stream(call()))
                .expectError(ChatException.class)
                .verify(Duration.ofSeconds(5));
    }

    private static ProviderCall call() {
        return ProviderCall.post(URI.create("http://127.0.0.1:1/v1"), new byte[0])
                .options(ProviderHttpOptions.of(PROVIDER))
                .decoder(head -> new LetterDecoder())
                .build();
    }

    @Test
    void callAfterTheConnectorIsClosedFailsAsShutdown() {
        ProviderConnector closed = ProviderConnector.create();
        closed.close();

        assertFails(ProviderHttpClient.create(WebClient::builder, closed).stream(call()), Kind.SHUTDOWN, "shuts down");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Tenant, 'secret\r\nX-Evil: 1', The header X-Tenant holds a control character",
        "X Tenant, 1, The name of a header",
        "'', 1, The name of a header"
    })
    void headerThatCannotBeSentIsTheRequestsFault(String name, String value, String message) {
        assertFails(
                client.stream(
                        ApiKeySupplier.none(),
                        "openai",
                        key -> ProviderCall.post(PROVIDER, new byte[0])
                                .header(name, value)
                                .decoder(head -> new LetterDecoder())
                                .build()),
                Kind.INVALID_REQUEST,
                message);
    }

    @Test
    void keyIsTakenWithoutTheLineEndOfTheFileThatItIsIn() {
        AtomicReference<String> seen = new AtomicReference<>();
        Function<String, ProviderCall> call = key -> {
            seen.set(key);
            throw new IllegalArgumentException("enough");
        };

        assertFails(
                client.stream(provider -> Mono.just("sk-secret\n"), "openai", call), Kind.INVALID_REQUEST, "enough");
        assertThat(seen).hasValue("sk-secret");
        assertFails(
                client.stream(
                        provider -> Mono.delay(Duration.ofMillis(1)).map(tick -> " sk-secret\r\n"), "openai", call),
                Kind.INVALID_REQUEST,
                "enough");
        assertThat(seen).hasValue("sk-secret");
        assertFails(client.stream(provider -> Mono.just("\n"), "openai", call), Kind.INVALID_REQUEST, "enough");
        assertThat(seen).hasValue(null);
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

    private static void assertFails(Flux<ChatEvent> stream, Kind kind, String message) {
        StepVerifier.create(stream)
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(ChatException.class);
                    assertThat(((ChatException) failure).kind()).isEqualTo(kind);
                    assertThat(failure.toString()).contains(message).doesNotContain("secret");
                })
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void supplierOfKeysThatFailsIsAFailureOfTheCall() {
        Function<String, ProviderCall> never = key -> {
            throw new AssertionError("no call without a key");
        };

        assertFails(
                client.stream(
                        provider -> Mono.error(new IllegalStateException("secret of the vault")), "openai", never),
                Kind.INVALID_REQUEST,
                "No key for openai");
        assertFails(
                client.stream(
                        provider -> {
                            throw new IllegalStateException("secret of the vault");
                        },
                        "openai",
                        never),
                Kind.INVALID_REQUEST,
                "No key for openai");
    }

    @Test
    void requestThatCannotBeMadeIsAFailureOfTheCall() {
        assertFails(
                client.stream(ApiKeySupplier.none(), "openai", key -> {
                    throw new IllegalArgumentException("n above 1 is not supported");
                }),
                Kind.INVALID_REQUEST,
                "n above 1 is not supported");
        assertFails(
                client.stream(ApiKeySupplier.none(), "openai", key -> {
                    throw new IllegalStateException("secret");
                }),
                Kind.INVALID_REQUEST,
                "IllegalStateException");
    }

    @Test
    void supplierThatHasNoKeyLeavesItOut() {
        AtomicReference<String> seen = new AtomicReference<>("untouched");

        assertFails(
                client.stream(ApiKeySupplier.none(), "openai", key -> {
                    seen.set(key);
                    throw new IllegalArgumentException("enough");
                }),
                Kind.INVALID_REQUEST,
                "enough");

        assertThat(seen).hasValue(null);
    }
}
