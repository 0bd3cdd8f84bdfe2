package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.chat.Usage;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderErrors;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer, put together from its responses.
 *
 * <pre>
 *                                  finish reason           end of the body
 * (begin) ---> answering --------------------> finished --------------------> ended
 *                | parts: text, thought, call,    |
 *                +------ the provider's own ------+
 * </pre>
 *
 * <p>A part with a signature is a block of its own, for the signature has to go back on that part.
 *
 * <p>Not thread-safe: one instance per subscription.
 */
final class GeminiAnswer {

    private static final String USAGE = "usageMetadata";
    private static final Map<String, ?> THOUGHT = Map.of(GeminiWire.IS_THOUGHT, true);

    private final ResponseHead head;
    private final String provider;
    private final boolean includeRaw;
    private final AnswerWriter answer;
    private final GeminiCalls calls;
    private final LastFields fields = new LastFields();
    private final GeminiResponse response = new GeminiResponse(fields);
    private final JsonReader content = new JsonReader();
    private final JsonReader element = new JsonReader();
    private final GeminiPart part = new GeminiPart();
    private boolean inThought;
    private int emptyBlocks;
    private @Nullable String finishReason;
    private boolean ended;

    GeminiAnswer(ResponseHead head, String provider, List<String> warnings, boolean includeRaw) {
        this.head = head;
        this.provider = provider;
        this.includeRaw = includeRaw;
        this.answer = new AnswerWriter(provider, warnings, head);
        this.calls = new GeminiCalls(answer);
    }

    /** Whether the provider said why the answer ends, so that the body may. */
    boolean finished() {
        return finishReason != null;
    }

    boolean ended() {
        return ended;
    }

    /** An event's data: a response, or several, as some gateways send. */
    void onEvent(byte[] data, int offset, int length, ChatEventSink out) {
        element.reset(data, offset, length);
        JsonToken token = element.peek();
        if (token == JsonToken.END) {
            return;
        }
        if (token != JsonToken.ARRAY) {
            onResponse(data, offset, length, out);
            return;
        }
        element.beginArray();
        while (element.nextElement()) {
            int from = element.position();
            element.skipValue();
            onResponse(data, from, element.position() - from, out);
        }
        element.end();
    }

    /**
     * One response.
     * @throws ChatException if it is an error, or tells that the prompt is blocked
     */
    void onResponse(byte[] data, int offset, int length, ChatEventSink out) {
        response.read(data, offset, length);
        if (includeRaw || !response.recognized()) {
            answer.raw(new ChatEvent.Raw("", response.json()), out);
        }
        if (response.has(GeminiWire.ERROR) && ProviderErrors.isError(response.value())) {
            throw ProviderErrors.inStream(response.value(), head);
        }
        if (!answer.started()) {
            answer.id(response.string(GeminiWire.RESPONSE_ID));
            answer.model(response.string(GeminiWire.MODEL_VERSION));
        }
        response.keep(GeminiWire.USAGE_METADATA, USAGE);
        if (response.has(GeminiWire.PROMPT_FEEDBACK)) {
            onPromptFeedback();
        }
        if (response.content(content)) {
            readContent(out);
        }
        if (response.finishReason() != null) {
            finishReason = response.finishReason();
        }
    }

    private void onPromptFeedback() {
        if (!response.hasCandidate()
                && response.value(GeminiWire.PROMPT_FEEDBACK) instanceof Map<?, ?> feedback
                && feedback.get("blockReason") != null
                && GeminiWire.isSpecified(feedback.get("blockReason").toString())) {
            String said = feedback.get("blockReasonMessage") instanceof String message ? ": " + message : "";
            throw ChatException.builder(Kind.CONTENT_FILTERED, "The provider blocked the prompt" + said)
                    .code(feedback.get("blockReason").toString())
                    .head(head)
                    .build();
        }
        response.keep(GeminiWire.PROMPT_FEEDBACK, "promptFeedback");
    }

    private void readContent(ChatEventSink out) {
        content.beginObject();
        while (content.nextName()) {
            if (content.selectName(GeminiWire.PARTS) != 0) {
                content.skipValue();
            } else if (!content.readNull()) {
                content.beginArray();
                while (content.nextElement()) {
                    part.read(content);
                    onPart(out);
                }
            }
        }
    }

    private void onPart(ChatEventSink out) {
        if (part.isNative()) {
            closeBlock(out);
            answer.output(new ChatEvent.NativeContent(new Content.Native(provider, part.value())), out);
        } else if (part.hasCall()) {
            closeBlock(out);
            calls.part(response.data(), part.callFrom(), part.callLength(), part.signature(), out);
        } else if (part.text() != null) {
            onText(part.text(), part.signature(), out);
        }
    }

    private void onText(String text, @Nullable String signature, ChatEventSink out) {
        if (text.isEmpty() && signature == null) {
            return;
        }
        if (part.isThought() != inThought || signature != null) {
            closeBlock(out);
            inThought = part.isThought();
        }
        if (inThought) {
            answer.reasoning(text, out);
        } else {
            answer.text(text, out);
        }
        if (signature != null) {
            onSignature(text, signature, out);
        }
    }

    private void onSignature(String text, String signature, ChatEventSink out) {
        Map<String, ?> metadata = inThought
                ? Map.of(GeminiWire.IS_THOUGHT, true, GeminiWire.SIGNATURE, signature)
                : Map.of(GeminiWire.SIGNATURE, signature);
        if (!text.isEmpty()) {
            answer.closeBlock(metadata, out);
        } else if (inThought) {
            String blockId = "empty-" + emptyBlocks++;
            answer.output(new ChatEvent.ReasoningStart(blockId), out);
            answer.output(new ChatEvent.ReasoningEnd(blockId, metadata), out);
        } else {
            String blockId = "empty-" + emptyBlocks++;
            answer.output(new TextStart(blockId), out);
            answer.output(new TextEnd(blockId, metadata), out);
        }
    }

    private void closeBlock(ChatEventSink out) {
        answer.closeBlock(inThought ? THOUGHT : Map.of(), out);
    }

    /**
     * The body has ended after a finish reason.
     * @throws ChatException if the provider broke off a call, and nothing else came
     */
    void end(ChatEventSink out) {
        ended = true;
        String raw = String.valueOf(finishReason);
        FinishReason reason = GeminiWire.finishReason(raw, calls.any());
        if (reason == FinishReason.ERROR && !answer.started()) {
            String said = fields.take("finishMessage") instanceof String message ? ": " + message : "";
            throw ChatException.builder(
                            Kind.PROVIDER_ERROR, "The model's answer could not be used, and nothing came of it" + said)
                    .code(raw)
                    .retryable(true)
                    .head(head)
                    .build();
        }
        answer.start(out);
        calls.end(reason == FinishReason.TOOL_CALLS, out);
        closeBlock(out);
        answer.end(new ChatEvent.ResponseEnd(reason, raw, usage(), fields.values()), out);
    }

    @SuppressWarnings("unchecked")
    private @Nullable Usage usage() {
        return fields.take(USAGE) instanceof Map<?, ?> counts ? GeminiWire.usage((Map<String, ?>) counts) : null;
    }
}
