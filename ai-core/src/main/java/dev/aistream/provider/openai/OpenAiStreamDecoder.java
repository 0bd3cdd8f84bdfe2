package dev.aistream.provider.openai;

import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Message;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderErrors;
import dev.aistream.provider.SseStreamDecoder;
import dev.aistream.provider.SurrogateJoiner;
import dev.aistream.provider.openai.OpenAiWire.Chunk;
import dev.aistream.provider.openai.OpenAiWire.Delta;
import dev.aistream.provider.openai.OpenAiWire.Part;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the stream of Chat Completions, OpenAI's own and that of the servers which follow it more or less.
 *
 * <pre>
 * reading --finish_reason--> finished --[DONE], end of body, silence--> ended
 *    |  \--[DONE]------------------------------------------------------> ended
 *    |                          |
 *    +--end of body, error------+--error--> failed
 * </pre>
 *
 * While finished it still reads: usage, and sometimes text, come after the finish reason.
 */
final class OpenAiStreamDecoder extends SseStreamDecoder {

    private static final String MESSAGE = "message";
    private static final String REASONING_DETAILS = "reasoning_details";

    private final String provider;
    private final boolean includeRaw;
    private final AnswerWriter writer;
    private final ToolCallAssembler toolCalls;
    private final MetadataCollector metadata = new MetadataCollector();
    private final UsageSnapshot usage = new UsageSnapshot();
    private final ChunkReader chunkReader = new ChunkReader(metadata, usage);
    private final Chunk chunk = new Chunk();
    private final SurrogateJoiner refusals = new SurrogateJoiner();
    private final RepeatedChunk repeated;
    private @Nullable String finishReason;
    private boolean refused;
    private boolean ended;

    /**
     * A decoder of one response.
     * @param provider name of the provider
     * @param warnings what of the request was not sent
     * @param maxLineLength longest line, in bytes
     * @param includeRaw whether each event is also emitted as it came
     */
    OpenAiStreamDecoder(
            String provider, List<String> warnings, ResponseHead head, int maxLineLength, boolean includeRaw) {
        this(provider, warnings, head, maxLineLength, includeRaw, new RepeatedChunk());
    }

    OpenAiStreamDecoder(
            String provider,
            List<String> warnings,
            ResponseHead head,
            int maxLineLength,
            boolean includeRaw,
            RepeatedChunk repeated) {
        super(head, maxLineLength);
        this.provider = provider;
        this.includeRaw = includeRaw;
        this.writer = new AnswerWriter(provider, warnings, head);
        this.toolCalls = new ToolCallAssembler(writer);
        this.repeated = repeated;
    }

    @Override
    public boolean completable() {
        return finishReason != null && !ended;
    }

    @Override
    protected void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
        if (ended) {
            return;
        }
        if (isDone(data, offset, length)) {
            complete(out);
            return;
        }
        if (includeRaw) {
            writer.raw(new Raw(type.equals(MESSAGE) ? "" : type, text(data, offset, length)), out);
        }
        String piece = type.equals(MESSAGE) ? repeated.match(data, offset, length) : null;
        if (piece == null) {
            read(type, data, offset, length, out);
            return;
        }
        switch (repeated.kind()) {
            case TEXT -> writer.text(piece, out);
            case REASONING -> writer.reasoning(piece, out);
            case ARGUMENTS -> toolCalls.add(repeated.toolCall(piece), out);
        }
    }

    private void read(String type, byte[] data, int offset, int length, ChatEventSink out) {
        boolean begun = writer.started();
        repeated.forget();
        if (type.equals(ERROR)) {
            throw failed(ProviderErrors.inStream(data, offset, length, head()));
        }
        try {
            chunkReader.read(data, offset, length, !begun, !begun, chunk);
        } catch (JsonSyntaxException malformed) {
            onText(type, text(data, offset, length), malformed, out);
            return;
        }
        if (!chunk.recognized) {
            onOther(type, data, offset, length, out);
            return;
        }
        metadata.keep(data);
        writer.id(chunk.id);
        writer.model(chunk.model);
        for (int i = 0; i < chunk.deltaCount(); i++) {
            onDelta(chunk.delta(i), out);
        }
        if (chunk.error != null) {
            throw failed(ProviderErrors.inStream(chunk.error, head()));
        }
        if (begun && chunk.deltaCount() == 1 && chunk.delta(0).isPlain() && !metadata.joinedAny()) {
            repeated.learn(data, offset, length, chunk.delta(0), chunkReader);
        }
    }

    private void onDelta(Delta delta, ChatEventSink out) {
        if (delta.reasoning != null) {
            writer.reasoning(delta.reasoning, out);
        }
        if (delta.content != null) {
            writer.text(delta.content, out);
        }
        for (Part part : delta.parts) {
            onPart(part, out);
        }
        if (delta.refusal != null) {
            onRefusal(delta.refusal, out);
        }
        for (int i = 0; i < delta.toolCallCount(); i++) {
            toolCalls.add(delta.toolCall(i), out);
        }
        if (delta.finishReason != null) {
            finishReason = delta.finishReason;
        }
    }

    private void onPart(Part part, ChatEventSink out) {
        switch (part.kind()) {
            case TEXT -> writer.text(part.text(), out);
            case THINKING -> writer.reasoning(part.text(), out);
            case REFUSAL -> onRefusal(part.text(), out);
            case OTHER -> writer.output(new Raw(part.type(), part.text()), out);
        }
    }

    private void onRefusal(String fragment, ChatEventSink out) {
        refused = true;
        String whole = refusals.join(fragment);
        if (!whole.isEmpty()) {
            writer.output(new Refusal(whole), out);
        }
    }

    /** No JSON: where the provider gave the event a name of its own text may be what it means. */
    private void onText(String type, String text, JsonSyntaxException malformed, ChatEventSink out) {
        if (type.equals(MESSAGE)) {
            throw malformed;
        }
        onUnknown(type, text, out);
    }

    /** An error in one of its many forms, or an event that has no name here. */
    private void onOther(String type, byte[] data, int offset, int length, ChatEventSink out) {
        JsonReader reader = new JsonReader();
        reader.reset(data, offset, length);
        Object json = reader.readValue();
        if (chunk.error != null || ProviderErrors.isError(json)) {
            throw failed(ProviderErrors.inStream(json, head()));
        }
        onUnknown(type, text(data, offset, length), out);
    }

    private void onUnknown(String type, String text, ChatEventSink out) {
        if (!includeRaw) {
            writer.raw(new Raw(type.equals(MESSAGE) ? "" : type, text), out);
        }
    }

    private static String text(byte[] data, int offset, int length) {
        return new String(data, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    protected void onEnd(ChatEventSink out) {
        if (ended) {
            return;
        }
        if (finishReason == null) {
            throw failed(interrupted());
        }
        complete(out);
    }

    private void complete(ChatEventSink out) {
        ended = true;
        FinishReason reason = reason();
        String lone = refusals.end();
        if (!lone.isEmpty()) {
            writer.output(new Refusal(lone), out);
        }
        writer.closeBlock(out);
        toolCalls.end(
                reason == FinishReason.LENGTH || reason == FinishReason.CONTENT_FILTER || reason == FinishReason.ERROR,
                out);
        Map<String, @Nullable Object> fields = metadata.toMap();
        if (fields.get(REASONING_DETAILS) instanceof List<?> details) {
            List<Object> joined = ReasoningDetails.join(details);
            fields.put(REASONING_DETAILS, joined);
            writer.output(
                    new NativeContent(
                            new Content.Native(provider, Map.of("type", REASONING_DETAILS, REASONING_DETAILS, joined))),
                    out);
        }
        writer.end(new ResponseEnd(reason, finishReason, usage.usage(fields), fields), out);
    }

    private FinishReason reason() {
        FinishReason reason = OpenAiWire.finishReason(finishReason);
        if (reason == FinishReason.STOP || finishReason == null) {
            if (refused) {
                return FinishReason.CONTENT_FILTER;
            }
            if (!toolCalls.isEmpty()) {
                return FinishReason.TOOL_CALLS;
            }
        }
        return reason;
    }

    /** The failure, with what no event has told: why the answer had finished, and what it cost. */
    private ChatException failed(ChatException failure) {
        ended = true;
        Map<String, ?> fields = metadata.toMap();
        return failure.mutate()
                .partial(new ChatResponse(
                        writer.id(),
                        provider,
                        writer.model(),
                        "",
                        "",
                        null,
                        List.of(),
                        new Message.Assistant(List.of()),
                        finishReason == null ? null : reason(),
                        finishReason,
                        usage.usage(fields),
                        List.of(),
                        fields,
                        new ChatResponse.RawResponse(head(), List.of()),
                        List.of(),
                        false,
                        new ChatResponse.Timings(null, Duration.ZERO)))
                .build();
    }
}
