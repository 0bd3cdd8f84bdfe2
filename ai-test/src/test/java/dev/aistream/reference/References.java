package dev.aistream.reference;

import dev.aistream.reference.ReferenceAnswer.Ending;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads bodies of every wire format by way of trees and strings. Chat Completions whole, the others for their text, their
 * reasoning and the way they end.
 */
public final class References {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Map<String, BiConsumer<JsonNode, ReferenceAnswer>> BY_API = Map.of(
            "anthropic", References::messages,
            "responses", References::responses,
            "gemini", References::generateContent,
            "ollama", References::ollama);

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
        return Optional.ofNullable(BY_API.get(api)).map(events -> fold(api, body, atEnd, events));
    }

    private static ReferenceAnswer fold(
            String api, byte[] body, boolean atEnd, BiConsumer<JsonNode, ReferenceAnswer> events) {
        ReferenceAnswer answer = new ReferenceAnswer();
        for (ReferenceSse.Item item :
                api.equals("ollama") ? ReferenceSse.lines(body, atEnd) : ReferenceSse.read(body, atEnd)) {
            if (answer.ending != Ending.INTERRUPTED) {
                break;
            }
            if (item.field()) {
                event(item, events, answer);
            }
        }
        if (atEnd && answer.ending == Ending.INTERRUPTED && answer.finish != null) {
            answer.ending = Ending.COMPLETE;
        }
        return answer;
    }

    private static void event(
            ReferenceSse.Item item, BiConsumer<JsonNode, ReferenceAnswer> events, ReferenceAnswer answer) {
        JsonNode event;
        try {
            event = JSON.readTree(item.data());
        } catch (JacksonException e) {
            answer.ending = item.whole() ? Ending.MALFORMED : answer.ending;
            return;
        }
        JsonNode error = event.path("error");
        if (!error.isMissingNode() && !error.isNull()) {
            answer.ending = Ending.PROVIDER_ERROR;
            return;
        }
        events.accept(event, answer);
    }

    private static void messages(JsonNode event, ReferenceAnswer answer) {
        switch (event.path("type").asString("")) {
            case "content_block_start" -> {
                JsonNode block = event.path("content_block");
                answer.text.append(block.path("text").asString(""));
                answer.reasoning.append(block.path("thinking").asString(""));
            }
            case "content_block_delta" -> {
                JsonNode delta = event.path("delta");
                answer.text.append(delta.path("text").asString(""));
                answer.reasoning.append(delta.path("thinking").asString(""));
            }
            case "message_delta" -> {
                String reason = event.path("delta").path("stop_reason").asString("");
                answer.finish = reason.isEmpty() ? answer.finish : reason;
            }
            case "message_stop" -> answer.ending = Ending.COMPLETE;
            case "error" -> answer.ending = Ending.PROVIDER_ERROR;
            default -> {}
        }
    }

    private static void responses(JsonNode event, ReferenceAnswer answer) {
        String delta = event.path("delta").asString("");
        switch (event.path("type").asString("")) {
            case "response.output_text.delta" -> answer.text.append(delta);
            case "response.refusal.delta" -> answer.refusal.append(delta);
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                answer.reasoning.append(delta);
            case "response.completed", "response.incomplete" -> answer.ending = Ending.COMPLETE;
            case "response.failed", "error" -> answer.ending = Ending.PROVIDER_ERROR;
            default -> {}
        }
    }

    private static void generateContent(JsonNode event, ReferenceAnswer answer) {
        if (event.path("promptFeedback").has("blockReason")) {
            answer.ending = Ending.WITHHELD;
        }
        JsonNode candidate = event.path("candidates").path(0);
        for (JsonNode part : candidate.path("content").path("parts")) {
            boolean thought = part.path("thought").asBoolean(false);
            (thought ? answer.reasoning : answer.text).append(part.path("text").asString(""));
        }
        String reason = candidate.path("finishReason").asString("");
        answer.finish = reason.isEmpty() ? answer.finish : reason;
    }

    private static void ollama(JsonNode event, ReferenceAnswer answer) {
        answer.reasoning.append(event.path("message").path("thinking").asString(""));
        answer.text.append(event.path("message").path("content").asString(""));
        answer.text.append(event.path("response").asString(""));
        if (event.path("done").asBoolean(false)) {
            answer.finish = event.path("done_reason").asString("");
            answer.ending = Ending.COMPLETE;
        }
    }
}
