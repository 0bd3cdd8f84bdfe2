package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An item of reasoning: parts of its summary, or of its text, each a block. The last block stays open until the item
 * ends, for its end carries the sealed content that the provider wants back; an item without a word is an empty block.
 */
final class ResponsesReasoning extends ResponsesItem {

    private final Supplier<String> blockIds;
    private final ResponsesParts<Part> summaries =
            new ResponsesParts<>(index -> new Part(ResponsesInputWriter.SUMMARY_TEXT, index));
    private final ResponsesParts<Part> texts =
            new ResponsesParts<>(index -> new Part(ResponsesInputWriter.REASONING_TEXT, index));
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private SurrogateJoiner surrogates = new SurrogateJoiner();
    private String blockId = "";
    private @Nullable Part open;

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
            emit(summaries.get(part), fragment, out);
        } else if (type == OpenAiResponsesWire.REASONING_TEXT_DELTA) {
            emit(texts.get(part), fragment, out);
        }
    }

    @Override
    void whole(int type, long part, String text, ChatEventSink out) {
        emitUntold((type == OpenAiResponsesWire.SUMMARY_TEXT_DONE ? summaries : texts).get(part), text, out);
    }

    @Override
    void partAdded(long part, Map<String, ?> value) {
        partsLike(value).begin(part);
    }

    @Override
    void partDone(long part, Map<String, ?> value, ChatEventSink out) {
        emitUntold(partsLike(value).get(part), string(value.get("text")), out);
    }

    private ResponsesParts<Part> partsLike(Map<String, ?> value) {
        return ResponsesInputWriter.SUMMARY_TEXT.equals(value.get(ResponsesInputWriter.TYPE)) ? summaries : texts;
    }

    private void emitUntold(Part part, String text, ChatEventSink out) {
        if (part.told == 0) {
            emit(part, text, out);
        }
    }

    private void emit(Part part, String fragment, ChatEventSink out) {
        if (fragment.isEmpty()) {
            return;
        }
        part.told += fragment.length();
        if (part != open) {
            endBlock(null, out);
            open = part;
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
        if (open != null) {
            all.put(ResponsesInputWriter.TYPE, open.type);
        }
        if (sealed != null) {
            all.put(ResponsesInputWriter.ENCRYPTED_CONTENT, sealed);
        }
        out.next(new ReasoningEnd(blockId, all));
        blockId = "";
        open = null;
    }

    @Override
    void end(Ending ending, @Nullable Map<String, ?> item, ChatEventSink out) {
        Object sealed = null;
        if (item != null) {
            sealed = item.get(ResponsesInputWriter.ENCRYPTED_CONTENT);
            emitUntold(summaries, list(item.get("summary")), out);
            emitUntold(texts, list(item.get("content")), out);
            if (blockId.isEmpty()) {
                begin(out);
            }
        }
        endBlock(sealed, out);
    }

    private void emitUntold(ResponsesParts<Part> parts, List<?> whole, ChatEventSink out) {
        long before = 0;
        for (int i = 0; i < whole.size(); i++) {
            String text = string(object(whole.get(i)).get("text"));
            Part part = parts.atPlace(i, before);
            if (part != null) {
                emitUntold(part, text, out);
            }
            before += text.length();
        }
    }

    /** A part of the summary, or of the text. */
    private static final class Part extends ResponsesParts.Part {

        private final String type;

        Part(String type, long index) {
            super(index);
            this.type = type;
        }
    }
}
