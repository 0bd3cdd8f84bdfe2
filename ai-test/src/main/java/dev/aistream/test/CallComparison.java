package dev.aistream.test;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ToolCall;
import dev.aistream.test.RecordedAnswer.RecordedToolCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds tool calls against those that an independent reader found. Calls that the provider runs itself are native
 * content; their arguments are compared as JSON, all others to the character.
 */
final class CallComparison {

    /** A call that a stream told of. */
    private record Call(String id, String name, String arguments, boolean ownText) {

        @Override
        public String toString() {
            return id + " " + name + " " + arguments;
        }
    }

    private CallComparison() {}

    static List<String> differences(List<RecordedToolCall> expected, Transcript transcript) {
        List<Call> actual = calls(transcript);
        boolean same = expected.size() == actual.size();
        for (int index = 0; same && index < actual.size(); index++) {
            same = isSame(expected.get(index), actual.get(index));
        }
        if (same) {
            return List.of();
        }
        if (isJoined(expected, actual)) {
            return List.of(RecordedAnswer.READERS_LIMIT + "calls of one index and different ids, read as one call");
        }
        return List.of("tool calls: expected " + expected + ", was " + actual);
    }

    private static List<Call> calls(Transcript transcript) {
        Map<String, ToolCall> byId =
                transcript.toolCalls().stream().collect(Collectors.toMap(ToolCall::id, call -> call));
        List<Call> calls = new ArrayList<>();
        for (ChatEvent event : transcript.events()) {
            if (event instanceof ChatEvent.ToolCallStart start) {
                ToolCall call = Objects.requireNonNull(byId.get(start.callId()));
                calls.add(new Call(call.id(), call.name(), call.arguments(), true));
            } else if (event instanceof ChatEvent.NativeContent content) {
                Map<String, ?> value = content.content().value();
                if (String.valueOf(value.get("type")).endsWith("tool_use")) {
                    calls.add(new Call(
                            String.valueOf(value.get("id")),
                            String.valueOf(value.get("name")),
                            JsonMapper.shared().writeValueAsString(value.get("input")),
                            false));
                }
            }
        }
        return calls;
    }

    private static boolean isSame(RecordedToolCall expected, Call actual) {
        return (expected.id() == null || expected.id().equals(actual.id()))
                && (expected.name() == null || expected.name().equals(actual.name()))
                && areSameArguments(expected.arguments(), actual);
    }

    /** No arguments at all are an empty object, for that is what a tool has to be given. */
    private static boolean areSameArguments(@Nullable String expected, Call actual) {
        if (expected == null || expected.equals(actual.arguments())) {
            return true;
        }
        if (expected.isEmpty()) {
            return actual.arguments().equals("{}");
        }
        return !actual.ownText() && isSameJson(expected, actual.arguments());
    }

    private static boolean isSameJson(String left, String right) {
        try {
            return JsonMapper.shared().readTree(left).equals(JsonMapper.shared().readTree(right));
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Whether each expected call is a run of actual ones, its arguments theirs in a row. */
    private static boolean isJoined(List<RecordedToolCall> expected, List<Call> actual) {
        Iterator<Call> calls = actual.iterator();
        for (RecordedToolCall call : expected) {
            String rest = Objects.requireNonNullElse(call.arguments(), "");
            do {
                if (!calls.hasNext()) {
                    return false;
                }
                Call part = calls.next();
                if (!rest.startsWith(part.arguments()) || !Objects.equals(call.name(), part.name())) {
                    return false;
                }
                rest = rest.substring(part.arguments().length());
            } while (!rest.isEmpty());
        }
        return !calls.hasNext();
    }
}
