package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.END;
import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.answer;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.webmvc.WebMvcStreamRelay;
import dev.aistream.chat.ChatEvent;
import dev.aistream.relay.StreamRelay;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Writing on Tomcat: browsers that are slow, that leave while a write waits, and filters that wrap the response. */
@ExtendWith(OutputCaptureExtension.class)
class WebMvcRelayWriteTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SIXTEEN_KB = "~".repeat(16 * 1024);
    private static final int BLOCKS = 256;

    @Test
    void browserThatReadsLateReadsAllInOrder() {
        try (RelayServer server = RelayServer.start(WebApplicationType.SERVLET)) {
            AtomicInteger sent = new AtomicInteger();
            server.model().answers(longAnswer(sent));
            Browser browser = Browser.open(server.port(), 4096)
                    .request("GET", "/stream?prompt=hi", "", "Accept: text/event-stream");
            awaitStall(sent);

            String answer = browser.rest();

            assertThat(answer).contains("event:complete");
            for (int i = 0, at = 0; i < BLOCKS; i++) {
                at = answer.indexOf("<" + i + ">", at);
                assertThat(at).as("block %d", i).isPositive();
            }
            assertThat(answer.chars().filter(c -> c == '~').count()).isEqualTo((long) BLOCKS * SIXTEEN_KB.length());
            browser.close();
        }
    }

    @Test
    void browserThatResetsWhileAWriteWaitsClosesTheProviderAtOnce() throws Exception {
        try (RelayServer server = RelayServer.start(WebApplicationType.SERVLET, "ai.relay.write-timeout=1m")) {
            AtomicInteger sent = new AtomicInteger();
            server.model().answers(longAnswer(sent));
            Browser browser = Browser.open(server.port(), 4096)
                    .request("GET", "/stream?prompt=hi", "", "Accept: text/event-stream");
            awaitStall(sent);

            browser.reset();

            assertThat(server.model().wasCancelledWithin(5)).isTrue();
            await().atMost(PATIENCE)
                    .until(() -> server.bean(StreamRelay.class).openStreams() == 0
                            && server.bean(RelayGate.class).open() == 0);
        }
    }

    @Test
    void browserThatStallsIsCutOffLongBeforeTheContainersOwnTimeout() {
        try (RelayServer server = RelayServer.start(WebApplicationType.SERVLET, "ai.relay.write-timeout=1s")) {
            AtomicInteger sent = new AtomicInteger();
            server.model().answers(longAnswer(sent));
            Browser browser = Browser.open(server.port(), 4096)
                    .request("GET", "/stream?prompt=hi", "", "Accept: text/event-stream");

            await().atMost(Duration.ofSeconds(5)).until(browser::isClosedByServer);

            assertThat(server.bean(StreamRelay.class).openStreams()).isZero();
            browser.close();
        }
    }

    /** Tomcat's streams of HTTP/2 have windows of their own, and wait for the connection where they should not. */
    @Test
    void longAnswerIsReadWholeOverHttp2() {
        String[] fragments = Collections.nCopies(300, "z".repeat(1024)).toArray(String[]::new);
        try (RelayServer server = RelayServer.start(WebApplicationType.SERVLET, "server.http2.enabled=true")) {
            server.model().answers(answer(fragments));

            String answer = HttpClient.newConnection()
                    .protocol(HttpProtocol.H2C)
                    .headers(headers -> headers.set("Accept", "text/event-stream"))
                    .get()
                    .uri("http://127.0.0.1:" + server.port() + "/stream?prompt=hi")
                    .responseSingle((response, body) -> Mono.just(response.version() + "\n")
                            .concatWith(body.asString())
                            .reduce(String::concat))
                    .block(PATIENCE);

            assertThat(answer).startsWith("HTTP/2.0\n").contains("event:complete");
            assertThat(answer.chars().filter(c -> c == 'z').count()).isEqualTo(300 * 1024);
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapper.class)
    void filterThatWrapsTheStreamLosesNothing(Wrapper wrapper, CapturedOutput output) {
        try (RelayServer server = RelayServer.startWith(WebApplicationType.SERVLET, WrappingFilter.class)) {
            server.bean(WrappingFilter.class).wrapper = wrapper;
            server.model().answers(longAnswer(new AtomicInteger()));

            for (int i = 0; i < 2; i++) {
                try (Browser browser = server.get("/stream?prompt=hi")) {
                    String answer = browser.rest();
                    assertThat(answer).contains("<0>", "<" + (BLOCKS - 1) + ">", "event:complete");
                    assertThat(answer.chars().filter(c -> c == '~').count())
                            .isEqualTo((long) BLOCKS * SIXTEEN_KB.length());
                }
            }
            if (wrapper == Wrapper.PASSES_ON) {
                assertThat(output).doesNotContain("setWriteListener");
            } else {
                assertThat(output.getOut().split("setWriteListener")).hasSize(2);
                assertThat(output).contains(WrappedResponse.class.getName());
            }
        }
    }

    @Test
    void emitterTakesNothingElse() {
        try (RelayServer server = RelayServer.start(WebApplicationType.SERVLET)) {
            SseEmitter emitter =
                    server.bean(WebMvcStreamRelay.class).toEmitter(server.bean(AiStreamingTemplate.class).stream("hi"));

            assertThatThrownBy(() -> emitter.send("x")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> emitter.send(SseEmitter.event().comment("x")))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("by itself");
        }
    }

    private static Flux<ChatEvent> longAnswer(AtomicInteger sent) {
        return Flux.concat(
                Flux.just(START),
                Flux.range(0, BLOCKS)
                        .doOnNext(number -> sent.incrementAndGet())
                        .map(number -> text("<" + number + ">" + SIXTEEN_KB)),
                Flux.just(END));
    }

    /** The model is asked for no more, and is not through. */
    private static void awaitStall(AtomicInteger sent) {
        await().atMost(PATIENCE).during(Duration.ofMillis(200)).until(sent::get, new Predicate<>() {
            private int last;

            @Override
            public boolean test(Integer now) {
                boolean same = now == last && now > 0;
                last = now;
                return same;
            }
        });
        assertThat(sent).hasValueLessThan(BLOCKS);
    }

    /** What streams of filters do with a listener. */
    enum Wrapper {
        PASSES_ON,
        FORGETS_AND_IS_READY,
        FORGETS_AND_IS_NEVER_READY,
        REFUSES
    }

    static class WrappingFilter {

        private volatile Wrapper wrapper = Wrapper.PASSES_ON;

        @Bean
        Filter filter() {
            return (request, response, chain) ->
                    chain.doFilter(request, new WrappedResponse((HttpServletResponse) response, wrapper));
        }
    }

    private static final class WrappedResponse extends HttpServletResponseWrapper {

        private final Wrapper wrapper;

        WrappedResponse(HttpServletResponse response, Wrapper wrapper) {
            super(response);
            this.wrapper = wrapper;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return new WrappedStream(super.getOutputStream(), wrapper);
        }
    }

    private static final class WrappedStream extends ServletOutputStream {

        private final ServletOutputStream out;
        private final Wrapper wrapper;

        WrappedStream(ServletOutputStream out, Wrapper wrapper) {
            this.out = out;
            this.wrapper = wrapper;
        }

        @Override
        public boolean isReady() {
            return wrapper == Wrapper.PASSES_ON ? out.isReady() : wrapper == Wrapper.FORGETS_AND_IS_READY;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            if (wrapper == Wrapper.PASSES_ON) {
                out.setWriteListener(listener);
            } else if (wrapper == Wrapper.REFUSES) {
                throw new UnsupportedOperationException("setWrite");
            }
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
