package dev.aistream.provider.ollama;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonBalance;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.json.JsonToken;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderErrors;
import dev.aistream.provider.StreamDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /api/chat}, and the lines of {@code /api/generate} as well: one JSON object per line, the last with
 * {@code "done": true}.
 *
 * <p>Not thread-safe: one instance per subscription.
 */
final class OllamaStreamDecoder implements StreamDecoder {

    private final ResponseHead head;
    private final boolean includeRaw;
    private final NdjsonParser parser;
    private final JsonReader reader = new JsonReader();
    private final AnswerWriter answer;
    private final OllamaToolCalls toolCalls = new OllamaToolCalls();
    private final Map<String, @Nullable Object> metadata = new LinkedHashMap<>();

    private @Nullable ChatEventSink out;
    private final NdjsonParser.LineHandler handler = new Lines();
    private boolean anyLine;
    private boolean ended;

    // Of the line being read
    private String content = "";
    private String thinking = "";
    private boolean done;

    // Of the answer
    private @Nullable String doneReason;
    private @Nullable Long inputTokens;
    private @Nullable Long outputTokens;

    OllamaStreamDecoder(
            ResponseHead head, int maxLineLength, String provider, List<String> warnings, boolean includeRaw) {
        this.head = head;
        this.includeRaw = includeRaw;
        this.parser = new NdjsonParser(maxLineLength);
        this.answer = new AnswerWriter(provider, warnings, head);
    }

    @Override
    public void decode(ByteBuffer chunk, ChatEventSink out) {
        this.out = out;
        parser.feed(chunk, handler);
    }

    @Override
    public void end(ChatEventSink out) {
        this.out = out;
        try {
            parser.end(handler);
        } catch (JsonSyntaxException cut) {
            throw interrupted();
        }
        if (!ended) {
            throw anyLine ? interrupted() : notAStream();
        }
    }

    private ChatException interrupted() {
        return ChatException.builder(Kind.INTERRUPTED, "The stream ended before the provider said done")
                .retryable(true)
                .head(head)
                .build();
    }

    private ChatException notAStream() {
        return ChatException.builder(
                        Kind.NOT_EVENT_STREAM,
                        "The response is no stream of JSON lines; its content type is " + head.header("Content-Type"))
                .head(head)
                .build();
    }

    private void onLine(byte[] bytes, int offset, int length) {
        ChatEventSink out = this.out;
        if (ended || out == null) {
            return;
        }
        if (!anyLine && bytes[offset] != '{') {
            throw notAStream();
        }
        reader.reset(bytes, offset, length);
        content = "";
        thinking = "";
        done = false;
        toolCalls.nextLine();
        readLine();
        anyLine = true;
        if (includeRaw) {
            answer.raw(new ChatEvent.Raw("", new String(bytes, offset, length, StandardCharsets.UTF_8)), out);
        }
        answer.reasoning(thinking, out);
        answer.text(content, out);
        toolCalls.emit(answer, out);
        if (done) {
            finish(out);
        }
    }

    private void readLine() {
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(OllamaWire.LINE)) {
                case OllamaWire.MODEL -> answer.model(reader.readStringOrNull());
                case OllamaWire.MESSAGE -> readMessage();
                case OllamaWire.RESPONSE -> content = text();
                case OllamaWire.LINE_THINKING -> thinking = text();
                case OllamaWire.DONE -> done = reader.peek() == JsonToken.TRUE && reader.readBoolean() || skipped();
                case OllamaWire.DONE_REASON -> doneReason = reader.readStringOrNull();
                case OllamaWire.PROMPT_EVAL_COUNT -> inputTokens = count();
                case OllamaWire.EVAL_COUNT -> outputTokens = count();
                case OllamaWire.CREATED_AT, OllamaWire.CONTEXT -> reader.skipValue();
                case OllamaWire.ERROR -> readError();
                default -> keep(reader.name(), reader.readValue());
            }
        }
        reader.end();
    }

    private void keep(String name, @Nullable Object value) {
        if (value != null) {
            metadata.put(name, value);
        }
    }

    private boolean skipped() {
        reader.skipValue();
        return false;
    }

    private void readError() {
        Object error = reader.readValue();
        if (isError(error)) {
            throw ProviderErrors.inStream(error, head);
        }
    }

    private static boolean isError(@Nullable Object error) {
        return error != null && ProviderErrors.isError(Map.of("error", error));
    }

    private void readMessage() {
        if (reader.readNull()) {
            return;
        }
        reader.beginObject();
        while (reader.nextName()) {
            switch (reader.selectName(OllamaWire.IN_MESSAGE)) {
                case OllamaWire.CONTENT -> content = text();
                case OllamaWire.THINKING -> thinking = text();
                case OllamaWire.TOOL_CALLS -> toolCalls.read(reader);
                default -> reader.skipValue();
            }
        }
    }

    private String text() {
        String text = reader.readStringOrNull();
        return text == null ? "" : text;
    }

    private @Nullable Long count() {
        return reader.readNull() ? null : Long.valueOf(reader.readLong());
    }

    private void finish(ChatEventSink out) {
        ended = true;
        answer.end(
                new ChatEvent.ResponseEnd(
                        OllamaWire.finishReason(doneReason, toolCalls.any()),
                        doneReason,
                        OllamaWire.usage(inputTokens, outputTokens),
                        metadata),
                out);
    }

    private final class Lines implements NdjsonParser.LineHandler {

        @Override
        public void onLine(byte[] bytes, int offset, int length) {
            OllamaStreamDecoder.this.onLine(bytes, offset, length);
        }

        /** An error may be the last thing to come, without a line end, though the connection stays open. */
        @Override
        public void onOpenLine(byte[] bytes, int offset, int length) {
            int end = new JsonBalance().feed(bytes, offset, offset + length);
            if (end < 0) {
                return;
            }
            Object value;
            try {
                reader.reset(bytes, offset, end - offset);
                value = reader.readValue();
                reader.end();
            } catch (JsonSyntaxException noJson) {
                return;
            }
            if (value instanceof Map<?, ?> line && isError(line.get("error"))) {
                OllamaStreamDecoder.this.onLine(bytes, offset, end - offset);
            }
        }
    }
}
