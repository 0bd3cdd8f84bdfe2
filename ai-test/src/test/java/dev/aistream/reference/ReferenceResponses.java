package dev.aistream.reference;

import dev.aistream.reference.ReferenceAnswer.Ending;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Folds the events of OpenAI's Responses for text, reasoning, refusal and ending. What an event sums up counts where no
 * delta of that part came. An item is known by its id, else by its place; one that is not known stands for an item whose
 * beginning was lost.
 */
final class ReferenceResponses implements References.Fold {

    private static final class Item {
        String id;
        int place;
        String kind;
        final Set<String> told = new HashSet<>();
    }

    private final List<Item> open = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private boolean any;

    @Override
    public void event(String type, JsonNode event, ReferenceAnswer answer) {
        switch (type) {
            case "response.output_item.added" -> open.add(item(event.path("item"), place(event)));
            case "response.output_item.done" -> itemDone(event, answer);
            case "response.output_text.delta" -> text(event, "message", "text", "content", "delta", answer);
            case "response.output_text.done" -> text(event, "message", "text", "content", "text", answer);
            case "response.refusal.delta" -> text(event, "message", "refusal", "content", "delta", answer);
            case "response.refusal.done" -> text(event, "message", "refusal", "content", "refusal", answer);
            case "response.reasoning_summary_text.delta" ->
                text(event, "reasoning", "summary", "summary", "delta", answer);
            case "response.reasoning_summary_text.done" ->
                text(event, "reasoning", "summary", "summary", "text", answer);
            case "response.reasoning_text.delta" -> text(event, "reasoning", "reasoning", "content", "delta", answer);
            case "response.reasoning_text.done" -> text(event, "reasoning", "reasoning", "content", "text", answer);
            case "response.content_part.done", "response.reasoning_summary_part.done" -> {
                Item item = find(event);
                if (item != null) {
                    part(item, partIndex(event), event.path("part"), answer);
                }
            }
            case "response.completed", "response.incomplete" -> {
                for (JsonNode whole :
                        any ? References.none() : event.path("response").path("output")) {
                    end(item(whole, 0), whole, answer);
                }
                answer.ending = Ending.COMPLETE;
            }
            case "response.failed", "response.cancelled", "error" -> answer.ending = Ending.PROVIDER_ERROR;
            default -> {
                if (!type.startsWith("response.")) {
                    References.otherEvent(event, answer);
                }
            }
        }
    }

    private Item item(JsonNode said, int place) {
        any = true;
        Item item = new Item();
        item.id = said.path("id").asString("");
        item.place = place;
        item.kind = said.path("type").asString("");
        return item;
    }

    private static int place(JsonNode event) {
        return event.path("output_index").asInt(-1);
    }

    private static int partIndex(JsonNode event) {
        return event.path("content_index").asInt(event.path("summary_index").asInt(0));
    }

    private Item find(JsonNode event) {
        Item found = byId(event.path("item_id").asString(""));
        return found == null ? byPlace(place(event)) : found;
    }

    private Item byId(String id) {
        return open.stream()
                .filter(item -> !id.isEmpty() && item.id.equals(id))
                .reduce((first, last) -> last)
                .orElse(null);
    }

    private Item byPlace(int place) {
        return open.stream()
                .filter(item -> place < 0 || item.place == place)
                .reduce((first, last) -> last)
                .orElse(null);
    }

    private void text(JsonNode event, String kind, String what, String part, String member, ReferenceAnswer answer) {
        if (!event.path(member).isString()) {
            return;
        }
        Item item = find(event);
        if (item == null) {
            item = item(References.none(), place(event));
            item.kind = kind;
            open.add(item);
        }
        if (item.kind.equals(kind)) {
            boolean whole = !member.equals("delta");
            tell(item, what, part, partIndex(event), event.path(member).stringValue(), whole, answer);
        }
    }

    private static void tell(
            Item item, String what, String part, int index, String text, boolean whole, ReferenceAnswer answer) {
        boolean told = item.told.contains(part + index);
        if (text.isEmpty() || whole && told) {
            return;
        }
        item.told.add(part + index);
        (switch (what) {
                    case "text" -> answer.text;
                    case "refusal" -> answer.refusal;
                    default -> answer.reasoning;
                })
                .append(text);
    }

    private static void part(Item item, int index, JsonNode part, ReferenceAnswer answer) {
        String refusal = part.path("refusal").asString("");
        String text = part.path("text").asString("");
        if (item.kind.equals("message")) {
            tell(
                    item,
                    refusal.isEmpty() ? "text" : "refusal",
                    "content",
                    index,
                    refusal.isEmpty() ? text : refusal,
                    true,
                    answer);
        } else if (item.kind.equals("reasoning")) {
            boolean summary = part.path("type").asString("").equals("summary_text");
            tell(item, "reasoning", summary ? "summary" : "content", index, text, true, answer);
        }
    }

    private void itemDone(JsonNode event, ReferenceAnswer answer) {
        JsonNode whole = event.path("item");
        String id = whole.path("id").asString("");
        Item item = byId(id);
        if (item == null && ended.contains(id)) {
            return;
        }
        item = item == null ? byPlace(place(event)) : item;
        item = item == null ? item(whole, place(event)) : item;
        open.remove(item);
        if (!id.isEmpty()) {
            ended.add(id);
        }
        end(item, whole, answer);
    }

    private static void end(Item item, JsonNode whole, ReferenceAnswer answer) {
        parts(item, whole.path("summary"), "summary", answer);
        parts(item, whole.path("content"), "content", answer);
    }

    private static void parts(Item item, JsonNode parts, String kind, ReferenceAnswer answer) {
        for (int index = 0; index < parts.size(); index++) {
            if (item.kind.equals("message") && kind.equals("content")) {
                part(item, index, parts.path(index), answer);
            } else if (item.kind.equals("reasoning")) {
                tell(
                        item,
                        "reasoning",
                        kind,
                        index,
                        parts.path(index).path("text").asString(""),
                        true,
                        answer);
            }
        }
    }
}
