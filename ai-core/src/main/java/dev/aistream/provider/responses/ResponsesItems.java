package dev.aistream.provider.responses;

import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.CallIds;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.responses.ResponsesItem.Ending;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The items of an answer that are open. An event belongs to the item with its {@code item_id}; where gateways change
 * ids on the way, to the one with its {@code output_index}; where they send neither, to the last.
 *
 * <p>Not thread-safe: one instance per subscription.
 */
final class ResponsesItems {

    private final String provider;
    private final AnswerWriter answer;
    private final List<ResponsesItem> open = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private final CallIds callIds = new CallIds();
    /** The item of the last event, found again without a search. */
    private @Nullable ResponsesItem current;

    private int begun;
    private int texts;
    private int thoughts;
    private boolean calls;
    private boolean refusal;

    ResponsesItems(String provider, AnswerWriter answer) {
        this.provider = provider;
        this.answer = answer;
    }

    /** Whether the provider has told of no item yet. */
    boolean isEmpty() {
        return begun == 0;
    }

    /** Whether a tool of the request was called. */
    boolean hasCalls() {
        return calls;
    }

    /** Whether the model declined. */
    boolean hasRefusal() {
        return refusal;
    }

    /**
     * An item begins.
     * @return whether the provider itself works on it
     */
    boolean add(Map<String, ?> value, long outputIndex, ChatEventSink out) {
        ResponsesItem item = create(value, outputIndex);
        open(item);
        item.describe(value);
        if (item instanceof ResponsesCall call) {
            call.begin(out);
        }
        return item instanceof ResponsesItem.Hosted;
    }

    /** An item is whole, whether or not its beginning was told. */
    void done(Map<String, ?> value, ResponsesEvent event, ChatEventSink out) {
        String id = ResponsesItem.string(value.get("id"));
        ResponsesItem item = findById(id);
        if (item == null) {
            if (ended.contains(id)) {
                return;
            }
            item = findByIndex(event.outputIndex());
        }
        end(item == null ? create(value, event.outputIndex()) : item, value, out);
    }

    /** An item that is told of only by the response that holds it. */
    void whole(Map<String, ?> value, ChatEventSink out) {
        end(create(value, begun), value, out);
    }

    private void end(ResponsesItem item, Map<String, ?> value, ChatEventSink out) {
        current = null;
        open.remove(item);
        String id = ResponsesItem.string(value.get("id"));
        if (!id.isEmpty()) {
            ended.add(id);
        }
        item.describe(value);
        item.end(Ending.DONE, value, out);
        note(item);
    }

    /**
     * The answer has ended.
     * @param ending whether it is whole, and with it what is still open
     */
    void endAll(Ending ending, ChatEventSink out) {
        for (ResponsesItem item : open) {
            item.end(ending, null, out);
            note(item);
        }
        open.clear();
        current = null;
    }

    private void note(ResponsesItem item) {
        calls |= item instanceof ResponsesCall call && call.begun();
        refusal |= item instanceof ResponsesMessage message && message.refused();
    }

    private ResponsesItem create(Map<String, ?> value, long outputIndex) {
        begun++;
        return switch (ResponsesItem.string(value.get("type"))) {
            case "message" -> message(outputIndex);
            case "reasoning" -> reasoning(outputIndex);
            case "function_call" -> new ResponsesCall(false, outputIndex, answer, callIds);
            case ResponsesInputWriter.CUSTOM_TOOL_CALL -> new ResponsesCall(true, outputIndex, answer, callIds);
            default -> new ResponsesItem.Hosted(provider, outputIndex, answer);
        };
    }

    private ResponsesItem message(long outputIndex) {
        return new ResponsesMessage(outputIndex, answer, () -> "text-" + texts++);
    }

    private ResponsesItem reasoning(long outputIndex) {
        return new ResponsesReasoning(outputIndex, answer, () -> "reasoning-" + thoughts++);
    }

    private void open(ResponsesItem item) {
        open.add(item);
        current = item;
    }

    /**
     * The item that a text belongs to; one whose beginning was lost is made of what the event's type tells.
     * @param deltaType type of the event, or of the deltas that it sums up
     */
    ResponsesItem findOrImply(ResponsesEvent event, int deltaType) {
        ResponsesItem item = find(event);
        if (item != null) {
            return item;
        }
        begun++;
        long index = event.outputIndex();
        ResponsesItem implied = switch (deltaType) {
            case OpenAiResponsesWire.SUMMARY_TEXT_DELTA, OpenAiResponsesWire.REASONING_TEXT_DELTA -> reasoning(index);
            case OpenAiResponsesWire.ARGUMENTS_DELTA -> new ResponsesCall(false, index, answer, callIds);
            case OpenAiResponsesWire.CUSTOM_INPUT_DELTA -> new ResponsesCall(true, index, answer, callIds);
            default -> message(index);
        };
        open(implied);
        return implied;
    }

    @Nullable
    ResponsesItem find(ResponsesEvent event) {
        ResponsesItem last = current;
        if (last != null && event.isOfItem(last.id())) {
            return last;
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            ResponsesItem item = open.get(i);
            if (event.isOfItem(item.id())) {
                current = item;
                return item;
            }
        }
        return findByIndex(event.outputIndex());
    }

    private @Nullable ResponsesItem findById(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        for (ResponsesItem item : open) {
            if (bytes.length > 0 && Arrays.equals(item.id(), bytes)) {
                return item;
            }
        }
        return null;
    }

    private @Nullable ResponsesItem findByIndex(long outputIndex) {
        for (int i = open.size() - 1; i >= 0; i--) {
            ResponsesItem item = open.get(i);
            if (outputIndex < 0 || item.outputIndex() == outputIndex) {
                return item;
            }
        }
        return null;
    }
}
