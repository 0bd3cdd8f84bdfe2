package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.test.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/** A scripted server, a client over a pool of its own, and calls between the two that lose no buffer. */
@ExtendWith(NoBufferLeaks.class)
abstract class ProviderTestKit {

    static final Duration SOON = Duration.ofSeconds(20);

    ScriptedServer server;
    ProviderConnector connector;
    ProviderHttpClient client;

    @BeforeEach
    void open() {
        server = ScriptedServer.start();
        connector = connector(ProviderConnector.builder()).build();
        client = ProviderHttpClient.create(WebClient.builder(), connector.connector());
    }

    @AfterEach
    void close() {
        connector.close();
        server.close();
    }

    ProviderConnector.Builder connector(ProviderConnector.Builder builder) {
        return builder;
    }

    ProviderCall call() {
        return call(options -> options);
    }

    ProviderCall call(UnaryOperator<ProviderHttpOptions> options) {
        return ProviderCall.post(server.uri().resolve("/v1/chat"), "{\"stream\":true}".getBytes(UTF_8))
                .options(options.apply(ProviderHttpOptions.of(server.uri())))
                .bearer("sk-test-1234567890")
                .decoder(TextDecoder::new)
                .build();
    }

    Flux<ChatEvent> stream() {
        return client.stream(call());
    }

    /** What a reader that asks for everything saw. */
    static Outcome read(Flux<ChatEvent> stream) {
        List<ChatEvent> events = new ArrayList<>();
        ChatException failure = null;
        try {
            stream.doOnNext(events::add).blockLast(Duration.ofSeconds(20));
        } catch (ChatException failed) {
            failure = failed;
        }
        return new Outcome(events, failure);
    }

    record Outcome(List<ChatEvent> events, ChatException failure) {

        String text() {
            StringBuilder text = new StringBuilder();
            for (ChatEvent event : events) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    text.append(delta.text());
                }
            }
            return text.toString();
        }

        boolean complete() {
            return failure == null && events.get(events.size() - 1) instanceof ChatEvent.ResponseEnd;
        }
    }
}
