package dev.aistream.autoconfigure;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.FinishReason;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A provider whose one answer the test says. */
final class EndingChatModel implements ChatModel {

    private final Sinks.Many<ChatEvent> events = Sinks.many().unicast().onBackpressureBuffer();

    EndingChatModel() {
        say(new ChatEvent.ResponseStart("1", "large", name(), List.of(), null));
        say(new ChatEvent.TextStart("0"));
    }

    @Override
    public String name() {
        return "ending";
    }

    @Override
    public Flux<ChatEvent> stream(ChatRequest request) {
        return events.asFlux();
    }

    void text(String text) {
        say(new ChatEvent.TextDelta("0", text));
    }

    void end() {
        say(new ChatEvent.TextEnd("0", Map.of()));
        say(new ChatEvent.ResponseEnd(FinishReason.STOP, "stop", null, Map.of()));
        events.tryEmitComplete().orThrow();
    }

    private void say(ChatEvent event) {
        events.tryEmitNext(event).orThrow();
    }
}
