package dev.aistream.test;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Everything that a stream of events said until it ended, and what it amounts to. Immutable once it has ended.
 */
public final class Transcript {

    private final List<ChatEvent> events;
    private final @Nullable Throwable failure;

    private Transcript(List<ChatEvent> events, @Nullable Throwable failure) {
        this.events = List.copyOf(events);
        this.failure = failure;
    }

    /**
     * Reads a stream to its end.
     * @param atMost how long to wait; an {@link AssertionError} says that it was in vain, and the stream is cancelled
     */
    public static Transcript of(Flux<ChatEvent> stream, Duration atMost) {
        List<ChatEvent> events = new ArrayList<>();
        Throwable[] failure = new Throwable[1];
        CountDownLatch ended = new CountDownLatch(1);
        var subscription = stream.subscribe(
                events::add,
                error -> {
                    failure[0] = error;
                    ended.countDown();
                },
                ended::countDown);
        try {
            if (!ended.await(atMost.toNanos(), NANOSECONDS)) {
                subscription.dispose();
                throw new AssertionError("the stream has not ended within " + atMost);
            }
        } catch (InterruptedException e) {
            subscription.dispose();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return new Transcript(events, failure[0]);
    }

    /** What was said by a stream that ended in another way than {@link #of(Flux, Duration)} would wait for. */
    public static Transcript of(List<ChatEvent> events, @Nullable Throwable failure) {
        return new Transcript(events, failure);
    }

    public List<ChatEvent> events() {
        return events;
    }

    /** How it failed; null where it completed. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** The failure, which must be a {@link ChatException}. */
    public ChatException chatException() {
        if (failure instanceof ChatException chatException) {
            return chatException;
        }
        throw new AssertionError("no ChatException: " + failure, failure);
    }

    /** Every fragment of text, joined. */
    public String text() {
        return joined(ChatEvent.TextDelta.class, ChatEvent.TextDelta::text);
    }

    /** Every fragment of reasoning, joined. */
    public String reasoning() {
        return joined(ChatEvent.ReasoningDelta.class, ChatEvent.ReasoningDelta::text);
    }

    /** Every fragment of the refusal, joined; null where there is none. */
    public @Nullable String refusal() {
        String refusal = joined(ChatEvent.Refusal.class, ChatEvent.Refusal::text);
        return refusal.isEmpty() ? null : refusal;
    }

    /** The calls, in the order in which they began; one that has not ended is incomplete. */
    public List<ToolCall> toolCalls() {
        Map<String, ChatEvent.ToolCallStart> starts = new LinkedHashMap<>();
        Map<String, StringBuilder> arguments = new LinkedHashMap<>();
        Map<String, ChatEvent.ToolCallEnd> ends = new LinkedHashMap<>();
        each(ChatEvent.ToolCallStart.class, start -> starts.put(start.callId(), start));
        each(
                ChatEvent.ToolCallDelta.class,
                delta -> arguments
                        .computeIfAbsent(delta.callId(), id -> new StringBuilder())
                        .append(delta.argumentsJson()));
        each(ChatEvent.ToolCallEnd.class, end -> ends.put(end.callId(), end));
        List<ToolCall> calls = new ArrayList<>();
        starts.forEach((id, start) -> {
            ChatEvent.ToolCallEnd end = ends.get(id);
            calls.add(new ToolCall(
                    id,
                    start.toolName(),
                    arguments.getOrDefault(id, new StringBuilder()).toString(),
                    end != null && end.complete(),
                    end == null ? Map.of() : end.metadata()));
        });
        return List.copyOf(calls);
    }

    /** All events of one type, in order. */
    public <T extends ChatEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** How it began; an {@link AssertionError} where nothing was said. */
    public ChatEvent.ResponseStart start() {
        return only(ChatEvent.ResponseStart.class);
    }

    /** How it ended; an {@link AssertionError} where it did not complete. */
    public ChatEvent.ResponseEnd end() {
        return only(ChatEvent.ResponseEnd.class);
    }

    /** Every breach of the rules that {@link ChatEvent} states; empty where there is none. */
    public List<String> violations() {
        return EventRules.violations(events, failure);
    }

    @Override
    public String toString() {
        return "Transcript[" + events + (failure == null ? ", complete]" : ", " + failure + "]");
    }

    private <T extends ChatEvent> T only(Class<T> type) {
        List<T> found = events(type);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + type.getSimpleName() + " in " + this, failure);
        }
        return found.get(0);
    }

    private <T extends ChatEvent> void each(Class<T> type, Consumer<T> action) {
        events(type).forEach(action);
    }

    private <T extends ChatEvent> String joined(Class<T> type, Function<T, String> text) {
        StringBuilder joined = new StringBuilder();
        each(type, event -> joined.append(text.apply(event)));
        return joined.toString();
    }
}
