package dev.aistream.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedServerTests {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final ScriptedServer server = ScriptedServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void writesTheBytesOfTheScriptAndNothingElse() throws IOException {
        server.enqueue(
                Script.empty().write("HTTP/1.1 200 OK\r\n").write("\r\ndata: x").close());
        try (Socket client = get("/")) {
            assertThat(rest(client)).isEqualTo("HTTP/1.1 200 OK\r\n\r\ndata: x");
        }
    }

    @Test
    void framesEachChunkByItself() throws IOException {
        byte[] body = "0123456789abcdefghij".getBytes(UTF_8);
        server.enqueue(Script.eventStream().event("é").chunks(body, 17, 1).end().close());
        try (Socket client = get("/")) {
            assertThat(rest(client))
                    .endsWith("\r\n\r\na\r\ndata: Ã©\n\n\r\n" + "11\r\n0123456789abcdefg\r\n1\r\nh\r\n2\r\nij\r\n"
                            + "0\r\n\r\n");
        }
    }

    @Test
    void readsRequestsOfBothFramings() throws IOException {
        server.always(Script.json(200, "{}"));
        try (Socket client = connect()) {
            send(client, "POST /v1/chat?x=1 HTTP/1.1\r\nauthorization: Bearer k\r\nContent-Length: 4\r\n\r\nbody");
            send(client, "POST /again HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n1\r\ny\r\n0\r\n\r\n");
            Exchange first = server.takeExchange(SOON);
            Exchange second = server.takeExchange(SOON);
            assertThat(first.method()).isEqualTo("POST");
            assertThat(first.path()).isEqualTo("/v1/chat?x=1");
            assertThat(first.header("Authorization")).isEqualTo("Bearer k");
            assertThat(first.body()).isEqualTo("body");
            assertThat(second.body()).isEqualTo("body");
            assertThat(second.connection()).isEqualTo(first.connection());
            assertThat(server.connectionCount()).isEqualTo(1);
            assertThat(server.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void waitsForTheSignalOfTheTest() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        server.enqueue(Script.head(200).signal(reached).await(go).write("after").close());
        try (Socket client = get("/")) {
            assertThat(reached.await(5, TimeUnit.SECONDS)).isTrue();
            long head = server.takeExchange(SOON).bytesWritten();
            assertThat(head).isEqualTo("HTTP/1.1 200 Scripted\r\n\r\n".length());
            go.countDown();
            assertThat(rest(client)).endsWith("after");
        }
    }

    @Test
    void resetReachesTheClientAsReset() throws IOException {
        server.enqueue(Script.head(200).reset());
        try (Socket client = get("/")) {
            assertThatThrownBy(() -> rest(client))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void seesTheClientCloseWhileTheScriptWaits() throws Exception {
        Socket client = getAndHang();
        Exchange exchange = server.takeExchange(SOON);
        long before = System.nanoTime();
        client.shutdownOutput();
        ClientClose close = exchange.awaitClientClosed(SOON);
        assertThat(close.kind()).isEqualTo(ClientClose.Kind.FIN);
        assertThat(close.since(before)).isBetween(Duration.ZERO, SOON);
        exchange.awaitFinished(SOON);
        server.awaitNoConnections(SOON);
        client.close();
    }

    @Test
    void seesTheClientReset() throws Exception {
        Socket client = getAndHang();
        Exchange exchange = server.takeExchange(SOON);
        client.setSoLinger(true, 0);
        client.close();
        assertThat(exchange.awaitClientClosed(SOON).kind()).isEqualTo(ClientClose.Kind.RST);
    }

    @Test
    void showsThatAnUnreadAnswerStalls() throws IOException {
        String chunk = "x".repeat(8192);
        server.enqueue(Script.eventStream().endlessChunks(number -> chunk));
        try (Socket client = get("/")) {
            Exchange exchange = server.takeExchange(SOON);
            long stalled = exchange.awaitStall(Duration.ofMillis(100), SOON);
            assertThat(stalled).isPositive().isLessThan(64 * 1024 * 1024);
            client.getInputStream().readNBytes((int) stalled);
            assertThat(exchange.awaitStall(Duration.ofMillis(100), SOON)).isGreaterThan(stalled);
        }
    }

    @Test
    void saysWhatCameUnexpected() throws IOException {
        try (Socket client = get("/surprise")) {
            server.takeExchange(SOON).awaitFinished(SOON);
            server.close();
            assertThat(rest(client)).startsWith("HTTP/1.1 501").contains("GET /surprise");
        }
    }

    @Test
    void closeLeavesNoThread() throws Exception {
        try (Socket client = getAndHang()) {
            server.close();
            assertThat(rest(client)).startsWith("HTTP/1.1 200");
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("scripted-server"));
    }

    private Socket connect() throws IOException {
        Socket client = new Socket("127.0.0.1", server.port());
        client.setSoTimeout((int) SOON.toMillis());
        return client;
    }

    private Socket get(String path) throws IOException {
        Socket client = connect();
        send(client, "GET " + path + " HTTP/1.1\r\n\r\n");
        return client;
    }

    private Socket getAndHang() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        server.enqueue(Script.head(200).signal(hanging).await(new CountDownLatch(1)));
        Socket client = get("/");
        assertThat(hanging.await(5, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    private static void send(Socket client, String bytes) throws IOException {
        client.getOutputStream().write(bytes.getBytes(UTF_8));
    }

    private static String rest(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        return new String(in.readAllBytes(), ISO_8859_1);
    }
}
