package dev.aistream.reference;

import dev.aistream.reference.ReferenceAnswer.Call;
import dev.aistream.reference.ReferenceAnswer.Ending;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Folds a Chat Completions body by way of trees and strings. Written from the wire's description alone, so that the
 * decoder and this agree for no other reason than that both are right.
 */
public final class ReferenceChat {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Set<String> ABSENT = Set.of("", "null");

    private final ReferenceAnswer answer = new ReferenceAnswer();
    private boolean over;

    private ReferenceChat() {}

    /**
     * What a body says.
     * @param atEnd whether it has ended, by itself or torn off
     */
    public static ReferenceAnswer read(byte[] body, boolean atEnd) {
        ReferenceChat chat = new ReferenceChat();
        for (ReferenceSse.Item item : ReferenceSse.read(body, atEnd)) {
            if (!chat.over) {
                chat.item(item);
            }
        }
        if (!chat.over && atEnd && chat.answer.finish != null) {
            chat.answer.ending = Ending.COMPLETE;
        }
        if (!chat.over && atEnd && !ReferenceSse.isEventStream(body)) {
            chat.answer.ending = Ending.FOREIGN;
        }
        if (chat.answer.ending == Ending.COMPLETE) {
            chat.answer.calls.stream()
                    .filter(call -> call.arguments.toString().isBlank())
                    .forEach(call -> call.arguments.append("{}"));
        }
        return chat.answer;
    }

    private void item(ReferenceSse.Item item) {
        if (!item.field()) {
            if (item.data().startsWith("error:") || item.data().startsWith("{\"error\"")) {
                end(Ending.PROVIDER_ERROR);
            }
        } else if (item.data().trim().equals("[DONE]")) {
            end(Ending.COMPLETE);
        } else {
            event(item);
        }
    }

    private void event(ReferenceSse.Item item) {
        JsonNode chunk;
        try {
            chunk = JSON.readTree(item.data());
        } catch (JacksonException e) {
            if (item.whole()) {
                noJson(item.type());
            }
            return;
        }
        JsonNode error = chunk.path("error");
        boolean failed = isThere(error)
                || item.type().equals("error")
                || chunk.path("object").asString("").equals("error");
        JsonNode usage = chunk.path("usage");
        usage(usage.isObject() ? usage : chunk.path("x_groq").path("usage"));
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                choice(choice);
            }
        }
        if (failed) {
            end(Ending.PROVIDER_ERROR);
        }
    }

    /** A named event may be text. */
    private void noJson(String type) {
        switch (type) {
            case "message" -> end(Ending.MALFORMED);
            case "error" -> end(Ending.PROVIDER_ERROR);
            default -> {}
        }
    }

    private void usage(JsonNode usage) {
        if (!usage.isObject()) {
            return;
        }
        if (answer.usage == null) {
            answer.usage = usage;
        } else {
            ObjectNode merged = ((ObjectNode) answer.usage).deepCopy();
            usage.properties().forEach(field -> {
                if (!field.getValue().isNull() || !merged.has(field.getKey())) {
                    merged.set(field.getKey(), field.getValue());
                }
            });
            answer.usage = merged;
        }
    }

    private void choice(JsonNode choice) {
        JsonNode delta = choice.path("delta");
        String reasoning = delta.path("reasoning_content").asString("");
        answer.reasoning.append(reasoning.isEmpty() ? delta.path("reasoning").asString("") : reasoning);
        content(delta.path("content"));
        answer.refusal.append(delta.path("refusal").asString(""));
        for (JsonNode call : delta.path("tool_calls")) {
            call(call);
        }
        String finish = choice.path("finish_reason").asString("");
        if (!finish.isEmpty()) {
            answer.finish = finish;
        }
    }

    private void content(JsonNode content) {
        if (content.isString()) {
            answer.text.append(content.stringValue());
        }
        for (JsonNode part : content.isArray() ? content : JSON.createArrayNode()) {
            switch (part.path("type").asString("text")) {
                case "text", "output_text" ->
                    answer.text.append(part.path("text").asString(""));
                case "thinking", "reasoning" -> {
                    for (JsonNode thought : part.path("thinking")) {
                        answer.reasoning.append(thought.path("text").asString(""));
                    }
                }
                default -> {}
            }
        }
    }

    private void call(JsonNode fragment) {
        String id = present(fragment.path("id"));
        Call call = find(fragment.path("index"), id);
        if (!id.isEmpty()) {
            call.id = id;
        }
        JsonNode function = fragment.path("function");
        String name = present(function.path("name"));
        if (call.name.isEmpty() && !name.isEmpty()) {
            call.name = name;
            call.named = answer.named++;
        }
        JsonNode arguments = function.path("arguments");
        call.arguments.append(arguments.isObject() ? arguments.toString() : arguments.asString(""));
    }

    private Call find(JsonNode index, String id) {
        int key = index.asInt(-1);
        Call found = null;
        for (Call call : answer.calls) {
            boolean same = key < 0 ? !id.isEmpty() && call.id.equals(id) : call.key == key;
            boolean free = id.isEmpty() || call.id.isEmpty() || call.id.equals(id);
            if (same && free) {
                found = call;
            }
        }
        if (found == null && key < 0 && id.isEmpty() && !answer.calls.isEmpty()) {
            found = answer.calls.get(answer.calls.size() - 1);
        }
        if (found == null) {
            found = new Call(key);
            answer.calls.add(found);
        }
        return found;
    }

    private void end(Ending ending) {
        answer.ending = ending;
        over = true;
    }

    private static String present(JsonNode value) {
        String text = value.asString("");
        return ABSENT.contains(text) ? "" : text;
    }

    private static boolean isThere(JsonNode value) {
        return !value.isMissingNode()
                && !value.isNull()
                && !(value.isString() && value.stringValue().isEmpty());
    }
}
