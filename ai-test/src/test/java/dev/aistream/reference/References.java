package dev.aistream.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.aistream.reference.ReferenceAnswer.Ending;
import dev.aistream.reference.ReferenceSse.Item;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads bodies of every wire format by way of trees and strings. Chat Completions whole, the others for their text, their
 * reasoning and the way they end.
 */
public final class References {

    /** Takes the events of one body. */
    @FunctionalInterface
    interface Fold {
        /** An event by its type, which the event stream tells if the event does not. */
        void event(String type, JsonNode event, ReferenceAnswer answer);
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Map<String, Supplier<Fold>> BY_API = Map.of(
            "anthropic",
            ReferenceMessages::new,
            "responses",
            ReferenceResponses::new,
            "gemini",
            () -> References::generateContent,
            "ollama",
            () -> References::ollama);

    private References() {}

    /**
     * What a body says.
     * @param atEnd whether the body has ended, by itself or torn off
     * @return empty where nobody reads that format here
     */
    public static Optional<ReferenceAnswer> read(String api, byte[] body, boolean atEnd) {
        if (api.equals("chat")) {
            return Optional.of(ReferenceChat.read(body, atEnd));
        }
        return Optional.ofNullable(BY_API.get(api)).map(fold -> {
            if (api.equals("ollama")) {
                boolean foreign = !new String(body, UTF_8).stripLeading().startsWith("{");
                return fold(ReferenceSse.lines(body, atEnd), atEnd, foreign, fold.get());
            }
            return api.equals("gemini") && ReferenceSse.isArray(body)
                    ? fold(ReferenceSse.elements(body), atEnd, false, fold.get())
                    : fold(ReferenceSse.read(body, atEnd), atEnd, !ReferenceSse.isEventStream(body), fold.get());
        });
    }

    private static ReferenceAnswer fold(List<Item> items, boolean atEnd, boolean foreign, Fold fold) {
        ReferenceAnswer answer = new ReferenceAnswer();
        for (Item item : items) {
            if (answer.ending != Ending.INTERRUPTED) {
                break;
            }
            if (item.field()) {
                event(item, fold, answer);
            } else if (item.data().startsWith("error:")) {
                answer.ending = Ending.PROVIDER_ERROR;
            }
        }
        if (atEnd && answer.ending == Ending.INTERRUPTED && answer.finish != null) {
            answer.ending = Ending.COMPLETE;
        }
        if (atEnd && foreign && answer.ending != Ending.PROVIDER_ERROR) {
            answer.ending = Ending.FOREIGN;
        }
        return answer;
    }

    /** One without data is none, whatever its name: its data were cut off. */
    private static void event(Item item, Fold fold, ReferenceAnswer answer) {
        if (item.data().isBlank()) {
            return;
        }
        boolean error = item.type().equals("error");
        JsonNode event;
        try {
            event = JSON.readTree(item.data());
        } catch (JacksonException e) {
            Ending told = error ? Ending.PROVIDER_ERROR : Ending.MALFORMED;
            answer.ending = item.whole() ? told : answer.ending;
            return;
        }
        if (error) {
            answer.ending = Ending.PROVIDER_ERROR;
            return;
        }
        fold.event(event.path("type").asString(item.type()), event, answer);
    }

    /** An event without a name here may be an error all the same. */
    static void otherEvent(JsonNode event, ReferenceAnswer answer) {
        JsonNode error = event.path("error");
        if (!error.isMissingNode() && !error.isNull()) {
            answer.ending = Ending.PROVIDER_ERROR;
        }
    }

    static JsonNode none() {
        return JSON.createObjectNode();
    }

    private static void generateContent(String type, JsonNode event, ReferenceAnswer answer) {
        otherEvent(event, answer);
        if (event.path("promptFeedback").has("blockReason")) {
            answer.ending = Ending.WITHHELD;
        }
        JsonNode candidate = event.path("candidates").path(0);
        for (JsonNode part : candidate.path("content").path("parts")) {
            answer.streamedArguments |= part.path("functionCall").has("partialArgs");
            boolean thought = part.path("thought").asBoolean(false);
            (thought ? answer.reasoning : answer.text).append(part.path("text").asString(""));
        }
        String reason = candidate.path("finishReason").asString("");
        answer.finish = reason.isEmpty() ? answer.finish : reason;
    }

    private static void ollama(String type, JsonNode event, ReferenceAnswer answer) {
        otherEvent(event, answer);
        answer.reasoning.append(event.path("message").path("thinking").asString(""));
        answer.text.append(event.path("message").path("content").asString(""));
        answer.text.append(event.path("response").asString(""));
        if (event.path("done").asBoolean(false)) {
            answer.finish = event.path("done_reason").asString("");
            answer.ending = Ending.COMPLETE;
        }
    }
}
