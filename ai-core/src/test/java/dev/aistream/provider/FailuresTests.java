package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClientRequestException;

class FailuresTests {

    private final Failures failures = new Failures(ProviderCall.post(URI.create("https://provider/v1"))
            .decoder(head -> new LetterDecoder())
            .build());

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new UnknownHostException("provider"), Kind.UNKNOWN_HOST, true),
                Arguments.of(
                        new ConnectException("Connection refused: provider/1.2.3.4:443"),
                        Kind.CONNECTION_REFUSED,
                        true),
                Arguments.of(new ConnectException("Network is unreachable"), Kind.CONNECTION_FAILED, true),
                Arguments.of(new ProxyConnectException("proxy refused"), Kind.CONNECTION_FAILED, true),
                Arguments.of(new NoRouteToHostException("No route to host"), Kind.CONNECTION_FAILED, true),
                Arguments.of(
                        new ConnectTimeoutException("connection timed out after 10000 ms"),
                        Kind.CONNECTION_FAILED,
                        true),
                Arguments.of(new SSLHandshakeException("PKIX path building failed"), Kind.TLS, false),
                Arguments.of(new IOException(new SSLHandshakeException("bad")), Kind.CONNECTION_FAILED, true),
                Arguments.of(new TimeoutException("read"), Kind.TIMEOUT, true),
                Arguments.of(new RejectedExecutionException("event executor terminated"), Kind.SHUTDOWN, false),
                Arguments.of(new IllegalStateException("a filter of the user"), Kind.CONNECTION_FAILED, false));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void everyCauseHasItsKind(Throwable cause, Kind kind, boolean retryable) {
        WebClientRequestException wrapped = new WebClientRequestException(
                cause, HttpMethod.POST, URI.create("https://provider"), new HttpHeaders());

        ChatException failure = failures.beforeHead(wrapped, false, Phase.BEFORE_FIRST_TOKEN);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    @Test
    void certificateIsTheCauseOfATlsFailure() {
        SSLHandshakeException handshake = new SSLHandshakeException("PKIX path building failed");
        handshake.initCause(new CertificateException("unknown issuer"));

        ChatException failure = failures.beforeHead(handshake, false, Phase.BEFORE_FIRST_TOKEN);

        assertThat(failure)
                .hasMessage("TLS with provider failed: PKIX path building failed")
                .hasRootCauseInstanceOf(CertificateException.class);
    }

    @Test
    void foreignCauseLosesItsMessageButKeepsItsTrace() {
        NumberFormatException cause = new NumberFormatException("For input string: \"a piece of the answer\"");

        ChatException failure = failures.interrupted(cause, Phase.AFTER_FIRST_TOKEN, null);

        assertThat(failure.getCause()).hasMessage("java.lang.NumberFormatException");
        assertThat(failure.getCause().getStackTrace()).isEqualTo(cause.getStackTrace());
    }

    @Test
    void decodersOwnFailureKeepsEverythingButThePhase() {
        ChatException own = ChatException.builder(Kind.PROVIDER_ERROR, "Overloaded")
                .type("overloaded_error")
                .status(529)
                .retryable(true)
                .build();

        ChatException failure = failures.decoding(own, Phase.AFTER_FIRST_TOKEN, ExchangeFluxTests.HEAD);

        assertThat(failure.phase()).isEqualTo(Phase.AFTER_FIRST_TOKEN);
        assertThat(failure.type()).isEqualTo("overloaded_error");
        assertThat(failure.status()).isEqualTo(529);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.head()).isSameAs(ExchangeFluxTests.HEAD);
        assertThat(failure.getStackTrace()).isEqualTo(own.getStackTrace());
    }
}
