package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.json.JsonBalance;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.CallIds;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of one of the request's tools: of a function, with JSON, or of a custom tool, with text of any form. It begins
 * when its name is known; until then its arguments wait.
 */
final class ResponsesCall extends ResponsesItem {

    private final boolean custom;
    private final CallIds callIds;
    private final JsonBalance arguments = new JsonBalance();
    private final SurrogateJoiner surrogates = new SurrogateJoiner();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final StringBuilder waiting = new StringBuilder();
    private String callId = "";
    private String name = "";
    private boolean begun;
    private boolean whole;
    private int length;

    ResponsesCall(boolean custom, long outputIndex, AnswerWriter answer, CallIds callIds) {
        super(outputIndex, answer);
        this.custom = custom;
        this.callIds = callIds;
        if (custom) {
            metadata.put(ResponsesInputWriter.TYPE, ResponsesInputWriter.CUSTOM_TOOL_CALL);
        }
    }

    @Override
    void describe(Map<String, ?> item) {
        super.describe(item);
        callId = callId.isEmpty() ? string(item.get("call_id")) : callId;
        name = name.isEmpty() ? string(item.get("name")) : name;
        if (item.get(ResponsesInputWriter.ID) instanceof String id && !id.isEmpty()) {
            metadata.putIfAbsent(ResponsesInputWriter.ID, id);
        }
    }

    /** Begins the call, if it is known which. */
    void begin(ChatEventSink out) {
        if (begun || name.isEmpty() || callId.isEmpty()) {
            return;
        }
        begun = true;
        callId = callIds.next(callId);
        answer.output(new ToolCallStart(callId, name), out);
        emit(surrogates.join(waiting.toString()), out);
        waiting.setLength(0);
    }

    boolean begun() {
        return begun;
    }

    @Override
    void delta(int type, long part, String fragment, ChatEventSink out) {
        if (fragment.isEmpty()) {
            return;
        }
        length += fragment.length();
        arguments.feed(fragment);
        if (begun) {
            emit(surrogates.join(fragment), out);
        } else {
            waiting.append(fragment);
        }
    }

    private void emit(String fragment, ChatEventSink out) {
        if (!fragment.isEmpty()) {
            out.next(new ToolCallDelta(callId, fragment));
        }
    }

    /** What the fragments leave open is taken from the whole: a call without its last brace is worth nothing. */
    @Override
    void whole(int type, long part, String text, ChatEventSink out) {
        boolean cut = length == 0 || (!custom && !arguments.isWhole());
        if (cut && text.length() > length) {
            delta(type, part, text.substring(length), out);
        }
        whole = true;
    }

    @Override
    void end(Ending ending, @Nullable Map<String, ?> item, ChatEventSink out) {
        boolean stated = item != null && "incomplete".equals(item.get("status"));
        if (item != null) {
            whole(0, 0, string(item.get(custom ? "input" : "arguments")), out);
            callId = callId.isEmpty() ? string(item.get(ResponsesInputWriter.ID)) : callId;
            begin(out);
        }
        if (!begun) {
            return;
        }
        boolean ended = (whole || ending == Ending.DONE) && !stated;
        if (ended && !custom && arguments.isEmpty()) {
            delta(0, 0, "{}", out);
        }
        emit(surrogates.end(), out);
        boolean complete = ended && (custom || arguments.isWhole());
        out.next(new ToolCallEnd(callId, complete, metadata));
    }
}
