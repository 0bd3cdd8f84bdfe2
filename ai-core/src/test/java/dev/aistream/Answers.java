package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;

/** Events as providers send them. */
final class Answers {

    static final Duration SOON = Duration.ofSeconds(10);
    static final Usage USAGE = new Usage(3L, 2L, 5L, null, null, null, Map.of());

    private Answers() {}

    static ChatEvent start() {
        return new ResponseStart("r1", "model-1", "test", List.of("topK was not sent"), null);
    }

    static ChatEvent text(String text) {
        return new TextDelta("0", text);
    }

    static ChatEvent end() {
        return new ResponseEnd(FinishReason.STOP, "stop", USAGE, Map.of("fingerprint", "fp"));
    }

    /** A whole answer. */
    static Flux<ChatEvent> saying(String... fragments) {
        List<ChatEvent> events = beginning(fragments);
        events.add(new TextEnd("0", Map.of()));
        events.add(end());
        return Flux.fromIterable(events);
    }

    /** An answer that is neither ended nor closed. */
    static List<ChatEvent> beginning(String... fragments) {
        List<ChatEvent> events = new ArrayList<>();
        events.add(start());
        events.add(new TextStart("0"));
        for (String fragment : fragments) {
            events.add(text(fragment));
        }
        return events;
    }

    /** An answer that goes on after these. */
    static Flux<ChatEvent> unfinished(String... fragments) {
        return Flux.fromIterable(beginning(fragments)).concatWith(Flux.never());
    }

    static ChatException busy() {
        return ChatException.builder(Kind.HTTP_STATUS, "The provider is busy")
                .status(503)
                .retryable(true)
                .build();
    }

    static ChatException refused() {
        return ChatException.builder(Kind.HTTP_STATUS, "The key is not valid")
                .status(401)
                .build();
    }
}
