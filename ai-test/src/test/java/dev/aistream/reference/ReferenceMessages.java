package dev.aistream.reference;

import dev.aistream.reference.ReferenceAnswer.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Folds the events of Anthropic's Messages for text, thinking and ending. A delta counts where it meets a block of its
 * kind; one that meets none, or thinking that meets text, stands for a block whose start was lost.
 */
final class ReferenceMessages implements References.Fold {

    private static final Map<String, String> KIND_OF_DELTA =
            Map.of("text_delta", "text", "thinking_delta", "thinking", "signature_delta", "signature");

    private final Map<Integer, String> open = new HashMap<>();

    @Override
    public void event(String type, JsonNode event, ReferenceAnswer answer) {
        int index = event.path("index").asInt(0);
        switch (type) {
            case "message_start" -> open.clear();
            case "content_block_start" -> start(index, event.path("content_block"), answer);
            case "content_block_delta" -> delta(index, event.path("delta"), answer);
            case "content_block_stop" -> open.remove(index);
            case "message_delta" -> {
                String reason = event.path("delta").path("stop_reason").asString("");
                answer.finish = reason.isEmpty() ? answer.finish : reason;
            }
            case "message_stop" -> answer.ending = Ending.COMPLETE;
            case "error" -> answer.ending = Ending.PROVIDER_ERROR;
            case "ping" -> {}
            default -> References.otherEvent(event, answer);
        }
    }

    private void start(int index, JsonNode block, ReferenceAnswer answer) {
        if (block.isObject()) {
            String kind = block.path("type").asString("");
            open.put(index, kind);
            append(kind, block.path(kind).asString(""), answer);
        }
    }

    private void delta(int index, JsonNode delta, ReferenceAnswer answer) {
        String kind = delta.has("type") ? KIND_OF_DELTA.get(delta.path("type").asString("")) : kindByMember(delta);
        if (kind == null || !delta.path(kind).isString()) {
            return;
        }
        String block = kind.equals("signature") ? "thinking" : kind;
        String begun = open.computeIfAbsent(index, lost -> block);
        if (!begun.equals(block)
                && !kind.equals("signature")
                && List.of("text", "thinking").contains(begun)) {
            begun = block;
            open.put(index, block);
        }
        if (begun.equals(block)) {
            append(kind, delta.path(kind).stringValue(), answer);
        }
    }

    private static String kindByMember(JsonNode delta) {
        return KIND_OF_DELTA.values().stream().filter(delta::has).findFirst().orElse(null);
    }

    private static void append(String kind, String fragment, ReferenceAnswer answer) {
        if (kind.equals("text")) {
            answer.text.append(fragment);
        } else if (kind.equals("thinking")) {
            answer.reasoning.append(fragment);
        }
    }
}
