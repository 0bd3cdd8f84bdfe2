package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.function.client.WebClient;

/** A provider whose certificate nobody has signed but itself. */
class TlsTests {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                    + "data: hello\n\ndata: [DONE]\n\n";

    private static SSLServerSocket server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("provider.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process generation = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "provider",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(generation.waitFor(60, TimeUnit.SECONDS)).isTrue();

        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(TlsTests::serve, "tls-provider");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static void serve() {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                InputStream in = socket.getInputStream();
                byte[] request = new byte[4096];
                if (in.read(request) > 0) {
                    socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException refusedByTheClient) {
                // The next client may trust us.
            }
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static SslContext trusting() {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build();
        } catch (SSLException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ProviderTestKit.Outcome call(ProviderConnector.Builder builder) {
        try (ProviderConnector connector = builder.build()) {
            ProviderHttpClient client = ProviderHttpClient.create(WebClient.builder(), connector.connector());
            return ProviderTestKit.read(client.stream(ProviderCall.post(
                            URI.create("https://localhost:" + server.getLocalPort() + "/v1"), new byte[] {'{', '}'})
                    .decoder(TextDecoder::new)
                    .build()));
        }
    }

    @Test
    void certificateThatNobodyVouchesForIsAFailureOfTls() {
        ChatException failure = call(ProviderConnector.builder()).failure();

        assertThat(failure.kind()).isEqualTo(Kind.TLS);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("localhost");
    }

    @Test
    void customizedClientTrustsIt() {
        ProviderTestKit.Outcome outcome = call(
                ProviderConnector.builder().httpClient(client -> client.secure(ssl -> ssl.sslContext(trusting()))));

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.complete()).isTrue();
    }
}
