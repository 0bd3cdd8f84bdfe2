package dev.aistream.test;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds a transcript against what an independent reader found in the same recording. */
final class AnswerComparison {

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
        compare("text", expected.text(), Digest.of(actual.text()));
        compare("reasoning", expected.reasoning(), Digest.of(actual.reasoning()));
        compare("refusal", "refusal", expected.refusal(), actual.refusal());
        if (expected.told().contains("toolCalls")) {
            differences.addAll(CallComparison.differences(expected, actual));
        }
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
        compareUsage(end.usage());
    }

    /** Whether the failure tells of the very reason for which the provider gave no answer, blocked or broken off. */
    private boolean isWithoutAnswer() {
        return actual.failure() instanceof ChatException failure
                && actual.events().isEmpty()
                && failure.code() != null
                && (failure.code().equals(expected.finish()) || (BLOCKED + failure.code()).equals(expected.finish()));
    }

    private void compareUsage(@Nullable Usage usage) {
        JsonNode actualUsage = usage == null ? null : JsonMapper.shared().valueToTree(usage.raw());
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
        comparePartial(failure.partial());
    }

    /** Finish reason and usage that came before the failure; what a reader found after it cannot be there. */
    private void comparePartial(@Nullable ChatResponse partial) {
        if (partial == null) {
            return;
        }
        if (partial.rawFinishReason() != null) {
            compare("finish", "finish", expected.finish(), partial.rawFinishReason());
        }
        if (partial.usage() != null) {
            compareUsage(partial.usage());
        } else if (expected.usage() != null) {
            differences.add(RecordedAnswer.READERS_LIMIT + "usage that comes after the error");
        }
    }

    private void compareField(JsonNode error, String field, @Nullable String actualValue) {
        JsonNode value = error.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.asString("").equals(actualValue)) {
            differences.add("error " + field + ": expected " + value + ", was " + actualValue);
        }
    }

    private void compare(String what, Digest expectedText, Digest actualText) {
        boolean counted = expected.told().contains(what + "Chars");
        boolean sameCount = !counted || expectedText.characters() == actualText.characters();
        boolean sameHash =
                expectedText.sha256() == null || expectedText.sha256().equals(actualText.sha256());
        if (!sameCount || !sameHash) {
            differences.add(what + ": expected " + expectedText + ", was " + actualText);
        }
    }

    private void compare(String field, String what, @Nullable Object expectedValue, @Nullable Object actualValue) {
        if (expected.told().contains(field) && !Objects.equals(expectedValue, actualValue)) {
            differences.add(what + ": expected " + expectedValue + ", was " + actualValue);
        }
    }
}
