package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatResponse;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One call, and the one answer that streams. */
public final class ChatStream {

    ChatStream() {}

    public Flux<String> text() {
        throw new UnsupportedOperationException();
    }

    public Flux<ChatEvent> events() {
        throw new UnsupportedOperationException();
    }

    public Stream<String> toStream() {
        throw new UnsupportedOperationException();
    }

    public Mono<ChatResponse> response() {
        throw new UnsupportedOperationException();
    }
}
