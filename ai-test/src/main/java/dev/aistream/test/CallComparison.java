package dev.aistream.test;

import dev.aistream.chat.ChatEvent;
import dev.aistream.test.RecordedAnswer.RecordedToolCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds tool calls against those that an independent reader found. Calls that the provider runs itself are native
 * content. Arguments are compared to the character where the provider sends them as text, else as JSON.
 */
final class CallComparison {

    private static final String HOSTED = "_tool_use";

    /** Formats whose arguments are JSON of their own, so that white space in them is the message's. */
    private static final Set<String> ARGUMENTS_AS_JSON = Set.of("gemini", "ollama");

    /** A call that a stream told of; {@code asJson} where white space in its arguments is not the model's. */
    private record Call(String id, String name, String arguments, boolean asJson) {

        @Override
        public String toString() {
            return id + " " + name + " " + arguments;
        }
    }

    private CallComparison() {}

    static List<String> differences(RecordedAnswer expected, Transcript transcript) {
        boolean asJson = expected.api() != null && ARGUMENTS_AS_JSON.contains(expected.api());
        List<RecordedToolCall> calls = "gemini".equals(expected.api()) ? whole(expected) : expected.toolCalls();
        List<String> differences = new ArrayList<>();
        compare(calls.stream().filter(call -> !isHosted(call)).toList(), ownCalls(transcript, asJson), differences);
        compare(calls.stream().filter(CallComparison::isHosted).toList(), hostedCalls(transcript), differences);
        return differences;
    }

    /**
     * The reader took each piece of Gemini's streamed arguments for a call: one without a name goes on with the one
     * before, whose arguments it did not put together.
     */
    private static List<RecordedToolCall> whole(RecordedAnswer expected) {
        return expected.toolCalls().stream()
                .filter(call -> call.name() != null)
                .map(call -> "null".equals(call.arguments())
                        ? new RecordedToolCall(call.id(), call.name(), null, call.kind())
                        : call)
                .toList();
    }

    private static void compare(List<RecordedToolCall> expected, List<Call> actual, List<String> differences) {
        boolean same = expected.size() == actual.size();
        for (int index = 0; same && index < actual.size(); index++) {
            same = isSame(expected.get(index), actual.get(index));
        }
        if (!same && isJoined(expected, actual)) {
            differences.add(RecordedAnswer.READERS_LIMIT + "calls of one index and different ids, read as one call");
        } else if (!same) {
            differences.add("tool calls: expected " + expected + ", was " + actual);
        }
    }

    /** A tool that the provider runs itself, which no application has to answer. */
    private static boolean isHosted(RecordedToolCall call) {
        return call.kind() != null && call.kind().endsWith(HOSTED);
    }

    private static List<Call> ownCalls(Transcript transcript, boolean asJson) {
        return transcript.toolCalls().stream()
                .map(call -> new Call(call.id(), call.name(), call.arguments(), asJson))
                .toList();
    }

    private static List<Call> hostedCalls(Transcript transcript) {
        return transcript.events(ChatEvent.NativeContent.class).stream()
                .map(piece -> piece.content().value())
                .filter(piece -> String.valueOf(piece.get("type")).endsWith(HOSTED))
                .map(piece -> new Call(
                        String.valueOf(piece.get("id")),
                        String.valueOf(piece.get("name")),
                        piece.get("input") instanceof String cut
                                ? cut
                                : JsonMapper.shared().writeValueAsString(piece.get("input")),
                        true))
                .toList();
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
        return actual.asJson() && isSameJson(expected, actual.arguments());
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
