package dev.aistream.test;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ToolCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds a transcript against what an independent reader found in the same recording. */
final class AnswerComparison {

    private static final String HOSTED = "server_tool_use";

    /** Formats whose arguments are JSON of their own, so that white space in them is the message's. */
    private static final Set<String> ARGUMENTS_AS_JSON = Set.of("gemini", "ollama");

    /** How the reader tells of a prompt that Gemini did not answer. */
    private static final String BLOCKED = "blocked:";

    private static final Comparator<JsonNode> NUMBERS_BY_VALUE = (left, right) -> {
        if (left.isNumber() && right.isNumber()) {
            return left.decimalValue().compareTo(right.decimalValue());
        }
        return left.equals(right) ? 0 : 1;
    };

    private final RecordedAnswer expected;
    private final Transcript actual;
    private final List<String> differences = new ArrayList<>();

    private AnswerComparison(RecordedAnswer expected, Transcript actual) {
        this.expected = expected;
        this.actual = actual;
    }

    static List<String> differences(RecordedAnswer expected, int status, Transcript actual) {
        AnswerComparison comparison = new AnswerComparison(expected, actual);
        comparison.differences.addAll(actual.violations());
        comparison.compareContent();
        comparison.compareEnding(status);
        return List.copyOf(comparison.differences);
    }

    private void compareContent() {
        compare("textChars", "text", expected.text(), Digest.of(actual.text()));
        compare("reasoningChars", "reasoning", expected.reasoning(), Digest.of(actual.reasoning()));
        compare("refusal", "refusal", expected.refusal(), actual.refusal());
        compare("toolCalls", "tool calls", expectedCalls(), actualCalls());
        compare("toolCalls", "tool calls of the provider's own", expectedHostedCalls(), actualHostedCalls());
    }

    /** The reader took each piece of Gemini's streamed arguments for a call; those without a name go on with one. */
    private List<RecordedAnswer.RecordedToolCall> ownCalls() {
        return expected.toolCalls().stream()
                .filter(call -> !isHosted(call))
                .filter(call -> call.name() != null || !"gemini".equals(expected.api()))
                .toList();
    }

    /** A tool that the provider runs itself, which no application has to answer. */
    private static boolean isHosted(RecordedAnswer.RecordedToolCall call) {
        return call.kind() != null && call.kind().endsWith(HOSTED);
    }

    private List<String> expectedCalls() {
        return ownCalls().stream()
                .map(call -> call.id() + " " + call.name() + " " + arguments(call.arguments()))
                .toList();
    }

    private @Nullable String arguments(@Nullable String arguments) {
        return arguments != null && ARGUMENTS_AS_JSON.contains(String.valueOf(expected.api()))
                ? json(arguments)
                : arguments;
    }

    private List<String> expectedHostedCalls() {
        return expected.toolCalls().stream()
                .filter(AnswerComparison::isHosted)
                .map(call -> call.id() + " " + call.name() + " " + json(String.valueOf(call.arguments())))
                .toList();
    }

    /** They come as native pieces, their input as JSON: white space in it is not kept. */
    private List<String> actualHostedCalls() {
        return actual.events(ChatEvent.NativeContent.class).stream()
                .map(piece -> piece.content().value())
                .filter(piece -> String.valueOf(piece.get("type")).endsWith(HOSTED))
                .map(piece -> piece.get("id") + " " + piece.get("name") + " "
                        + (piece.get("input") instanceof String cut
                                ? cut
                                : json(JsonMapper.shared().writeValueAsString(piece.get("input")))))
                .toList();
    }

    private static String json(String text) {
        try {
            return JsonMapper.shared().readTree(text).toString();
        } catch (JacksonException cut) {
            return text;
        }
    }

    /** The calls, with what the provider left out and we made up left out again. */
    private List<String> actualCalls() {
        List<ToolCall> calls = actual.toolCalls();
        List<String> told = new ArrayList<>();
        for (int index = 0; index < calls.size(); index++) {
            ToolCall call = calls.get(index);
            RecordedAnswer.RecordedToolCall found =
                    index < ownCalls().size() ? ownCalls().get(index) : null;
            boolean withoutId = found != null && found.id() == null;
            boolean inPieces = found != null && "null".equals(found.arguments());
            told.add((withoutId ? null : call.id()) + " " + call.name() + " "
                    + (inPieces ? "null" : arguments(call.arguments())));
        }
        return told;
    }

    private void compareEnding(int status) {
        if (expected.error() != null || status != 200) {
            compareFailure();
        } else if (expected.finish() != null || expected.doneMarker()) {
            compareCompletion();
        } else if (expected.told().contains("finish") && !(actual.failure() instanceof ChatException)) {
            differences.add("ended as complete, without a completion signal");
        }
    }

    private void compareCompletion() {
        if (isWithoutAnswer()) {
            return;
        }
        if (actual.failure() != null) {
            differences.add("did not complete: " + actual.failure());
            return;
        }
        ChatEvent.ResponseEnd end = actual.end();
        compare("finish", "finish", expected.finish(), end.rawFinishReason());
        compareUsage(end.usage() == null ? null : end.usage().raw());
    }

    /** Whether the failure tells of the very reason for which the provider gave no answer, blocked or broken off. */
    private boolean isWithoutAnswer() {
        return actual.failure() instanceof ChatException failure
                && actual.events().isEmpty()
                && failure.code() != null
                && (failure.code().equals(expected.finish()) || (BLOCKED + failure.code()).equals(expected.finish()));
    }

    private void compareUsage(@Nullable Map<String, ?> raw) {
        JsonNode actualUsage = raw == null ? null : JsonMapper.shared().valueToTree(raw);
        JsonNode expectedUsage = expected.usage();
        boolean same = expectedUsage == null || actualUsage == null
                ? expectedUsage == actualUsage
                : expectedUsage.equals(NUMBERS_BY_VALUE, actualUsage);
        if (expected.told().contains("usage") && !same) {
            differences.add("usage: expected " + expectedUsage + ", was " + actualUsage);
        }
    }

    private void compareFailure() {
        if (!(actual.failure() instanceof ChatException failure)) {
            differences.add("did not fail, expected " + expected.error());
            return;
        }
        JsonNode error = expected.error();
        if (error != null) {
            String message = error.isString()
                    ? error.stringValue()
                    : error.path("message").asString("");
            if (!String.valueOf(failure.getMessage()).contains(message)) {
                differences.add("error: expected " + message + ", was " + failure);
            }
            compareField(error, "code", failure.code());
            compareField(error, "type", failure.type());
            compareField(error, "param", failure.param());
        }
    }

    private void compareField(JsonNode error, String field, @Nullable String actualValue) {
        JsonNode value = error.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.asString("").equals(actualValue)) {
            differences.add("error " + field + ": expected " + value + ", was " + actualValue);
        }
    }

    private void compare(String field, String what, @Nullable Object expectedValue, @Nullable Object actualValue) {
        if (expected.told().contains(field) && !Objects.equals(expectedValue, actualValue)) {
            differences.add(what + ": expected " + expectedValue + ", was " + actualValue);
        }
    }
}
