package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A message of the model: parts of text, each a block, and refusals. */
final class ResponsesMessage extends ResponsesItem {

    private final Supplier<String> blockIds;
    private final ResponsesParts<Part> parts = new ResponsesParts<>(Part::new);
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private boolean refused;

    ResponsesMessage(long outputIndex, AnswerWriter answer, Supplier<String> blockIds) {
        super(outputIndex, answer);
        this.blockIds = blockIds;
    }

    @Override
    void describe(Map<String, ?> item) {
        super.describe(item);
        keep(ResponsesInputWriter.ID, item);
        keep(ResponsesInputWriter.PHASE, item);
    }

    private void keep(String name, Map<String, ?> item) {
        if (item.get(name) instanceof String value && !value.isEmpty()) {
            metadata.putIfAbsent(name, value);
        }
    }

    @Override
    void delta(int type, long part, String fragment, ChatEventSink out) {
        if (type == OpenAiResponsesWire.REFUSAL_DELTA) {
            parts.get(part).refuse(fragment, out);
        } else if (type == OpenAiResponsesWire.OUTPUT_TEXT_DELTA) {
            parts.get(part).text(fragment, out);
        }
    }

    @Override
    void whole(int type, long part, String text, ChatEventSink out) {
        parts.get(part).whole(type == OpenAiResponsesWire.REFUSAL_DONE, text, out);
    }

    @Override
    void partAdded(long part, Map<String, ?> value) {
        parts.begin(part);
    }

    @Override
    void partDone(long part, Map<String, ?> value, ChatEventSink out) {
        parts.get(part).done(value, out);
    }

    /** Servers that know no refusals may send an empty one with each text. */
    private static boolean isRefusal(Map<String, ?> part) {
        return !string(part.get("refusal")).isEmpty();
    }

    private static String said(Map<String, ?> part) {
        return string(part.get(isRefusal(part) ? "refusal" : "text"));
    }

    /** Whether the model declined, in some part. */
    boolean refused() {
        return refused;
    }

    @Override
    void annotation(long part, Object annotation) {
        parts.get(part).annotations.add(annotation);
    }

    @Override
    void logprobs(long part, List<?> logprobs) {
        parts.get(part).logprobs(logprobs);
    }

    @Override
    void end(Ending ending, @Nullable Map<String, ?> item, ChatEventSink out) {
        if (item != null) {
            List<?> content = list(item.get("content"));
            long before = 0;
            for (int i = 0; i < content.size(); i++) {
                Map<String, ?> value = object(content.get(i));
                Part part = parts.atPlace(i, before);
                if (part != null) {
                    part.done(value, out);
                }
                before += said(value).length();
            }
        }
        parts.all().forEach(part -> part.end(out));
    }

    /** A part of the message: text, or a refusal. */
    private final class Part extends ResponsesParts.Part {

        private final SurrogateJoiner surrogates = new SurrogateJoiner();
        private final List<Object> annotations = new ArrayList<>();
        private List<?> logprobs = List.of();
        private String blockId = "";

        Part(long index) {
            super(index);
        }

        void whole(boolean refusal, String text, ChatEventSink out) {
            if (told > 0) {
                return;
            }
            if (refusal) {
                refuse(text, out);
            } else {
                text(text, out);
            }
        }

        void done(Map<String, ?> value, ChatEventSink out) {
            if (ended) {
                return;
            }
            whole(isRefusal(value), said(value), out);
            annotate(list(value.get(ResponsesInputWriter.ANNOTATIONS)));
            logprobs(list(value.get("logprobs")));
            end(out);
        }

        void refuse(String fragment, ChatEventSink out) {
            told += fragment.length();
            refused |= !fragment.isEmpty();
            emitRefusal(surrogates.join(fragment), out);
        }

        private void emitRefusal(String refusal, ChatEventSink out) {
            if (!refusal.isEmpty()) {
                answer.output(new ChatEvent.Refusal(refusal), out);
            }
        }

        void text(String fragment, ChatEventSink out) {
            told += fragment.length();
            if (blockId.isEmpty() && !fragment.isEmpty()) {
                ended = false;
                begin(out);
            }
            String whole = surrogates.join(fragment);
            if (!whole.isEmpty()) {
                out.next(new TextDelta(blockId, whole));
            }
        }

        private void begin(ChatEventSink out) {
            blockId = blockIds.get();
            answer.output(new TextStart(blockId), out);
        }

        /** The list of the whole part takes the place of what was told one by one. */
        void annotate(List<?> whole) {
            if (!whole.isEmpty()) {
                annotations.clear();
                annotations.addAll(whole);
            }
        }

        void logprobs(List<?> whole) {
            logprobs = whole.isEmpty() ? logprobs : whole;
        }

        void end(ChatEventSink out) {
            if (ended) {
                return;
            }
            ended = true;
            String lone = surrogates.end();
            if (blockId.isEmpty()) {
                emitRefusal(lone, out);
                return;
            }
            if (!lone.isEmpty()) {
                out.next(new TextDelta(blockId, lone));
            }
            out.next(new TextEnd(blockId, metadata()));
            blockId = "";
        }

        private Map<String, ?> metadata() {
            Map<String, Object> all = new LinkedHashMap<>(metadata);
            if (!annotations.isEmpty()) {
                all.put(ResponsesInputWriter.ANNOTATIONS, annotations);
            }
            if (!logprobs.isEmpty()) {
                all.put("logprobs", logprobs);
            }
            return all;
        }
    }
}
