package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An item of reasoning: parts of its summary, or of its text, each a block. The last block stays open until the item
 * ends, for its end carries the sealed content that the provider wants back; an item without a word is an empty block.
 */
final class ResponsesReasoning extends ResponsesItem {

    private final Supplier<String> blockIds;
    private final Set<String> told = new HashSet<>();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private SurrogateJoiner surrogates = new SurrogateJoiner();
    private String blockId = "";
    private String partType = "";
    private long partIndex;

    ResponsesReasoning(long outputIndex, AnswerWriter answer, Supplier<String> blockIds) {
        super(outputIndex, answer);
        this.blockIds = blockIds;
    }

    @Override
    void describe(Map<String, ?> item) {
        super.describe(item);
        if (item.get(ResponsesInputWriter.ID) instanceof String id && !id.isEmpty()) {
            metadata.putIfAbsent(ResponsesInputWriter.ID, id);
        }
    }

    @Override
    void delta(int type, long part, String fragment, ChatEventSink out) {
        if (type == OpenAiResponsesWire.SUMMARY_TEXT_DELTA) {
            emit(ResponsesInputWriter.SUMMARY_TEXT, part, fragment, out);
        } else if (type == OpenAiResponsesWire.REASONING_TEXT_DELTA) {
            emit(ResponsesInputWriter.REASONING_TEXT, part, fragment, out);
        }
    }

    @Override
    void whole(int type, long part, String text, ChatEventSink out) {
        emitUntold(
                type == OpenAiResponsesWire.SUMMARY_TEXT_DONE
                        ? ResponsesInputWriter.SUMMARY_TEXT
                        : ResponsesInputWriter.REASONING_TEXT,
                part,
                text,
                out);
    }

    @Override
    void partDone(long part, Map<String, ?> value, ChatEventSink out) {
        String type = string(value.get(ResponsesInputWriter.TYPE));
        emitUntold(
                type.equals(ResponsesInputWriter.SUMMARY_TEXT) ? type : ResponsesInputWriter.REASONING_TEXT,
                part,
                string(value.get("text")),
                out);
    }

    private void emitUntold(String type, long part, String text, ChatEventSink out) {
        if (!told.contains(type + part)) {
            emit(type, part, text, out);
        }
    }

    private void emit(String type, long part, String fragment, ChatEventSink out) {
        if (fragment.isEmpty()) {
            return;
        }
        if (blockId.isEmpty() || partIndex != part || !partType.equals(type)) {
            endBlock(null, out);
            told.add(type + part);
            partType = type;
            partIndex = part;
            begin(out);
        }
        String whole = surrogates.join(fragment);
        if (!whole.isEmpty()) {
            out.next(new ReasoningDelta(blockId, whole));
        }
    }

    private void begin(ChatEventSink out) {
        blockId = blockIds.get();
        surrogates = new SurrogateJoiner();
        answer.output(new ReasoningStart(blockId), out);
    }

    private void endBlock(@Nullable Object sealed, ChatEventSink out) {
        if (blockId.isEmpty()) {
            return;
        }
        String lone = surrogates.end();
        if (!lone.isEmpty()) {
            out.next(new ReasoningDelta(blockId, lone));
        }
        Map<String, Object> all = new LinkedHashMap<>(metadata);
        if (!partType.isEmpty()) {
            all.put(ResponsesInputWriter.TYPE, partType);
        }
        if (sealed != null) {
            all.put(ResponsesInputWriter.ENCRYPTED_CONTENT, sealed);
        }
        out.next(new ReasoningEnd(blockId, all));
        blockId = "";
    }

    @Override
    void end(Ending ending, @Nullable Map<String, ?> item, ChatEventSink out) {
        Object sealed = null;
        if (item != null) {
            sealed = item.get(ResponsesInputWriter.ENCRYPTED_CONTENT);
            emitUntold(ResponsesInputWriter.SUMMARY_TEXT, list(item.get("summary")), out);
            emitUntold(ResponsesInputWriter.REASONING_TEXT, list(item.get("content")), out);
            if (blockId.isEmpty()) {
                begin(out);
            }
        }
        endBlock(sealed, out);
    }

    private void emitUntold(String type, List<?> parts, ChatEventSink out) {
        for (int i = 0; i < parts.size(); i++) {
            emitUntold(type, i, string(object(parts.get(i)).get("text")), out);
        }
    }
}
