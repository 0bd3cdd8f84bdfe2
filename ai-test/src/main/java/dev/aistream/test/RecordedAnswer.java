package dev.aistream.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an independent reader found in a {@link Recording}. What it did not look at is not compared.
 *
 * @param told names of the fields of {@code EXPECTED.json} that are there
 * @param api wire format; null where nobody knows
 * @param text the text, as {@code characters:hash}
 * @param reasoning the reasoning, as {@code characters:hash}
 * @param refusal the marked refusal; null where there is none
 * @param toolCalls in order of appearance
 * @param finish the provider's own word; null where there is none
 * @param usage the provider's own object; null where there is none
 * @param error the provider's own object or text; null where there is none
 * @param doneMarker whether the body ends with {@code [DONE]}
 */
public record RecordedAnswer(
        Set<String> told,
        @Nullable String api,
        Digest text,
        Digest reasoning,
        @Nullable String refusal,
        List<RecordedToolCall> toolCalls,
        @Nullable String finish,
        @Nullable JsonNode usage,
        @Nullable JsonNode error,
        boolean doneMarker) {

    /** Begins a difference in which the recording's bytes are right and the independent reader is known not to be. */
    public static final String READERS_LIMIT = "the reader's limit: ";

    public RecordedAnswer {
        told = Set.copyOf(told);
        toolCalls = List.copyOf(toolCalls);
    }

    /**
     * A call of a tool.
     *
     * @param id null where the provider sent none
     * @param name null where the provider sent none
     * @param arguments JSON as the provider wrote it
     * @param kind the provider's word for the kind of call; null where it has one kind only
     */
    public record RecordedToolCall(
            @Nullable String id,
            @Nullable String name,
            @Nullable String arguments,
            @Nullable String kind) {}

    static RecordedAnswer of(JsonNode node) {
        Set<String> told = new TreeSet<>(node.propertyNames());
        List<RecordedToolCall> toolCalls = new ArrayList<>();
        for (JsonNode call : node.path("toolCalls")) {
            toolCalls.add(new RecordedToolCall(
                    string(call, "id"), string(call, "name"), string(call, "args"), string(call, "kind")));
        }
        return new RecordedAnswer(
                told,
                string(node, "api"),
                Digest.of(node, "text"),
                Digest.of(node, "reasoning"),
                string(node, "refusal"),
                toolCalls,
                string(node, "finish"),
                value(node, "usage"),
                value(node, "error"),
                node.path("doneMarker").asBoolean(false));
    }

    private static @Nullable String string(JsonNode node, String field) {
        JsonNode value = value(node, field);
        return value == null ? null : value.isString() ? value.stringValue() : value.toString();
    }

    private static @Nullable JsonNode value(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : value;
    }
}
