package dev.aistream.provider.openai;

import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.json.JsonBalance;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SurrogateJoiner;
import dev.aistream.provider.openai.OpenAiWire.ToolCallFragment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which call each fragment of {@code tool_calls} belongs to, however the server numbers them, and emits the calls.
 *
 * <p>By the documentation {@code index} tells, id and name come with the first fragment, and nothing comes twice.
 * Servers leave out the index or give all calls the same, repeat ids and names or send them late, and start counting at
 * one; so a fragment goes to
 * <ol>
 *   <li>the call of its index, unless both have an id, these differ, and it names a tool; but the same tool is the same
 *       call as long as that call's arguments lack their end
 *   <li>without an index: the call of its id, or the last call where it has none
 *   <li>a new call where there is none of these, or where it has no id and names another tool, or the same and brings
 *       arguments while that call's arguments are whole.
 * </ol>
 *
 * <p>A call starts when its id and its name are known; until then its arguments wait. Calls end with the answer, for
 * their fragments may interleave. JSON that lacks its end is no complete call, whatever the finish reason says: not every
 * server tells that a limit cut it.
 */
final class ToolCallAssembler {

    private static final int MAX_CALLS = 1024;

    /** Arguments that wait longer than this get an id of ours. */
    private static final int MAX_HELD_CHARS = 64 * 1024;

    private final AnswerWriter writer;
    private final List<Call> calls = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    ToolCallAssembler(AnswerWriter writer) {
        this.writer = writer;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    void add(ToolCallFragment fragment, ChatEventSink out) {
        if (isNothing(fragment)) {
            return;
        }
        Call call = callOf(fragment);
        call.take(fragment);
        if (!call.started && call.name != null && (call.id != null || call.needsOurId())) {
            start(call, out);
        }
        if (fragment.arguments != null) {
            if (call.started) {
                call.emit(fragment.arguments, out, writer);
            } else {
                call.hold(fragment.arguments);
            }
        }
    }

    private static boolean isNothing(ToolCallFragment fragment) {
        return fragment.id == null && fragment.name == null && fragment.arguments == null && fragment.metadata == null;
    }

    private Call callOf(ToolCallFragment fragment) {
        Call call = fragment.index == ToolCallFragment.NO_INDEX ? withoutIndex(fragment) : withIndex(fragment);
        if (call != null && !call.isEndedBy(fragment)) {
            return call;
        }
        if (calls.size() == MAX_CALLS) {
            throw ChatException.builder(Kind.MALFORMED, "More than " + MAX_CALLS + " tool calls in one answer.")
                    .build();
        }
        Call added = new Call(fragment.index);
        calls.add(added);
        return added;
    }

    private @Nullable Call withoutIndex(ToolCallFragment fragment) {
        if (fragment.id != null) {
            return withId(fragment.id);
        }
        return calls.isEmpty() ? null : calls.get(calls.size() - 1);
    }

    private @Nullable Call withIndex(ToolCallFragment fragment) {
        Call sameId = fragment.id == null ? null : withId(fragment.id);
        if (sameId != null && (sameId.index == fragment.index || sameId.index == ToolCallFragment.NO_INDEX)) {
            return sameId;
        }
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            if (call.index == fragment.index && call.mayBeContinuedBy(fragment)) {
                return call;
            }
        }
        return null;
    }

    private @Nullable Call withId(String id) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (id.equals(calls.get(i).id)) {
                return calls.get(i);
            }
        }
        return null;
    }

    private void start(Call call, ChatEventSink out) {
        call.started = true;
        call.emittedId = uniqueId(call);
        writer.closeBlock(out);
        writer.output(new ToolCallStart(call.emittedId, call.name == null ? "" : call.name), out);
        if (call.held != null) {
            String held = call.held.toString();
            call.held = null;
            call.emit(held, out, writer);
        }
    }

    /** Ids of ours are the same whatever the cuts of the stream, and differ between answers as the answers' ids do. */
    private String uniqueId(Call call) {
        String wanted = call.id != null
                ? call.id
                : "call_" + Integer.toHexString(writer.id().hashCode()) + "_" + calls.indexOf(call);
        String id = wanted;
        for (int i = 2; !ids.add(id); i++) {
            id = wanted + "_" + i;
        }
        return id;
    }

    /**
     * Ends every call, in the order in which they began.
     * @param cut whether the answer ended early, so that arguments may lack their end
     */
    void end(boolean cut, ChatEventSink out) {
        for (Call call : calls) {
            if (!call.started) {
                start(call, out);
            }
            call.end(cut, out, writer);
        }
    }

    /** One call. */
    private static final class Call {

        private final int index;
        private final SurrogateJoiner surrogates = new SurrogateJoiner();
        private final JsonBalance balance = new JsonBalance();
        private @Nullable String id;
        private @Nullable String name;
        private @Nullable StringBuilder held;
        private @Nullable Map<String, @Nullable Object> metadata;
        private boolean custom;
        private boolean started;
        private String emittedId = "";
        private boolean argued;

        Call(int index) {
            this.index = index;
        }

        void take(ToolCallFragment fragment) {
            if (id == null) {
                id = fragment.id;
            }
            if (name == null) {
                name = fragment.name;
            }
            if (fragment.custom && !custom) {
                custom = true;
                keep(Map.of(OpenAiWire.TYPE, OpenAiWire.CUSTOM));
            }
            if (fragment.arguments != null) {
                balance.feed(fragment.arguments);
            }
            if (fragment.metadata != null) {
                keep(fragment.metadata);
            }
        }

        private void keep(Map<String, ?> more) {
            if (metadata == null) {
                metadata = new LinkedHashMap<>();
            }
            metadata.putAll(more);
        }

        /**
         * A fragment without an id is a call of its own where it names another tool, and where it could as well be one
         * and this call lacks nothing.
         */
        boolean isEndedBy(ToolCallFragment fragment) {
            return fragment.id == null
                    && fragment.name != null
                    && name != null
                    && (!name.equals(fragment.name) || (fragment.arguments != null && balance.isWhole()));
        }

        /** The same index with another id is another call, unless that id is made anew for each fragment. */
        boolean mayBeContinuedBy(ToolCallFragment fragment) {
            return fragment.id == null
                    || id == null
                    || (name != null
                            && !balance.isWhole()
                            && (fragment.name == null || (name.equals(fragment.name) && !balance.isEmpty())));
        }

        boolean needsOurId() {
            return index == ToolCallFragment.LEGACY || (held != null && held.length() > MAX_HELD_CHARS);
        }

        void hold(String arguments) {
            if (held == null) {
                held = new StringBuilder();
            }
            if (name == null && held.length() > MAX_HELD_CHARS) {
                throw ChatException.builder(Kind.MALFORMED, "A tool call has arguments but no name.")
                        .build();
            }
            held.append(arguments);
        }

        void emit(String arguments, ChatEventSink out, AnswerWriter writer) {
            argued = true;
            String whole = surrogates.join(arguments);
            if (!whole.isEmpty()) {
                writer.output(new ToolCallDelta(emittedId, whole), out);
            }
        }

        void end(boolean cut, ChatEventSink out, AnswerWriter writer) {
            String rest = argued || cut ? surrogates.end() : "{}";
            if (!rest.isEmpty()) {
                writer.output(new ToolCallDelta(emittedId, rest), out);
            }
            boolean whole = argued && !custom ? balance.isWhole() : !cut;
            boolean complete = name != null && whole;
            writer.output(new ToolCallEnd(emittedId, complete, metadata == null ? Map.of() : metadata), out);
        }
    }
}
