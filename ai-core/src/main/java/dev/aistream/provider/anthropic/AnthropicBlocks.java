package dev.aistream.provider.anthropic;

import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.CallIds;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.anthropic.AnthropicContentBlock.Ending;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content blocks of an answer that are open, by their index.
 *
 * <p>Not thread-safe: one instance per subscription.
 */
final class AnthropicBlocks {

    /** Of a tool's call, what has a name here. */
    private static final Set<String> CALL = Set.of("type", "id", "name", "input");

    /** In place of an index. */
    private static final long WHOLE = -1;

    private final String provider;
    private final AnswerWriter answer;
    private final Map<Long, AnthropicContentBlock> open = new LinkedHashMap<>();
    /** The block of the last delta, found again without a look-up. */
    private @Nullable AnthropicContentBlock current;

    private long currentIndex;
    /** A call that stopped without input: whole if anything follows it, perhaps cut if the answer ends there. */
    private AnthropicContentBlock.@Nullable ToolUse undecided;

    private final CallIds callIds = new CallIds();
    private int texts;
    private int thoughts;

    AnthropicBlocks(String provider, AnswerWriter answer) {
        this.provider = provider;
        this.answer = answer;
    }

    /**
     * Takes a block that came whole.
     * @param input of a call, as JSON
     */
    void whole(Map<String, @Nullable Object> block, @Nullable String input, ChatEventSink out) {
        start(WHOLE, block, input, out);
        stop(WHOLE, out);
    }

    /**
     * Begins a block.
     * @param input of a call, as JSON
     * @return whether the provider itself works on it
     */
    boolean start(long index, Map<String, @Nullable Object> block, @Nullable String input, ChatEventSink out) {
        decide(Ending.STOPPED, out);
        AnthropicContentBlock before = open.remove(index);
        if (before != null) {
            before.end(Ending.LEFT_OPEN, out);
        }
        String type = string(block.get("type"));
        AnthropicContentBlock begun = begin(type, block, input, out);
        open.put(index, begun);
        current = begun;
        currentIndex = index;
        switch (type) {
            case "text" -> {
                begun.fragment(AnthropicWire.TEXT, string(block.get("text")), out);
                if (block.get("citations") instanceof List<?> citations) {
                    citations.forEach(begun::citation);
                }
            }
            case "thinking" -> {
                begun.fragment(AnthropicWire.THINKING, string(block.get("thinking")), out);
                begun.fragment(AnthropicWire.SIGNATURE, string(block.get("signature")), out);
            }
            default -> {}
        }
        return type.endsWith("_tool_use");
    }

    private AnthropicContentBlock begin(
            String type, Map<String, @Nullable Object> block, @Nullable String input, ChatEventSink out) {
        return switch (type) {
            case "text" -> text();
            case "thinking" -> thinking();
            case "tool_use" -> toolUse(block, input, out);
            default -> new AnthropicContentBlock.Native(provider, block, answer);
        };
    }

    private AnthropicContentBlock text() {
        return new AnthropicContentBlock.Text("text-" + texts++, answer);
    }

    private AnthropicContentBlock thinking() {
        return new AnthropicContentBlock.Thinking("reasoning-" + thoughts++, answer);
    }

    private AnthropicContentBlock toolUse(
            Map<String, @Nullable Object> block, @Nullable String input, ChatEventSink out) {
        String callId = callIds.next(string(block.get("id")));
        boolean withInput = block.get("input") instanceof Map<?, ?> members && !members.isEmpty();
        String name = string(block.get("name"));
        block.keySet().removeAll(CALL);
        block.values().removeIf(value -> value == null);
        return new AnthropicContentBlock.ToolUse(
                callId,
                name,
                withInput && input != null ? input : AnthropicContentBlock.ToolUse.NO_INPUT,
                block,
                answer,
                out);
    }

    /**
     * Takes a fragment.
     * @return false if there is no block that it could belong to
     */
    boolean fragment(long index, int member, @Nullable String fragment, ChatEventSink out) {
        AnthropicContentBlock block = find(index);
        if (block == null) {
            block = implied(index, member);
        } else if (!block.takes(member)) {
            block = other(index, member, block, out);
        }
        if (block == null) {
            return false;
        }
        if (fragment != null) {
            block.fragment(member, fragment, out);
        }
        return true;
    }

    /** Some gateways begin a block of text and go on with thinking: that is two blocks. Calls are what they began as. */
    private @Nullable AnthropicContentBlock other(
            long index, int member, AnthropicContentBlock block, ChatEventSink out) {
        boolean words = member == AnthropicWire.TEXT || member == AnthropicWire.THINKING;
        if (!words || block instanceof AnthropicContentBlock.ToolUse) {
            return null;
        }
        block.end(Ending.STOPPED, out);
        return implied(index, member);
    }

    /** A block whose start was lost: what it is can be told from its fragment, unless it is a call, whose name is. */
    private @Nullable AnthropicContentBlock implied(long index, int member) {
        AnthropicContentBlock block = switch (member) {
            case AnthropicWire.TEXT -> text();
            case AnthropicWire.THINKING, AnthropicWire.SIGNATURE -> thinking();
            default -> null;
        };
        if (block != null) {
            open.put(index, block);
            current = block;
            currentIndex = index;
        }
        return block;
    }

    boolean citation(long index, @Nullable Object citation) {
        AnthropicContentBlock block = find(index);
        if (block == null) {
            return false;
        }
        if (citation != null) {
            block.citation(citation);
        }
        return true;
    }

    private @Nullable AnthropicContentBlock find(long index) {
        if (current == null || currentIndex != index) {
            current = open.get(index);
            currentIndex = index;
        }
        return current;
    }

    /** The provider says that the block is whole. */
    void stop(long index, ChatEventSink out) {
        current = null;
        AnthropicContentBlock block = open.remove(index);
        if (block instanceof AnthropicContentBlock.ToolUse call && call.endsWithoutInput()) {
            decide(Ending.STOPPED, out);
            undecided = call;
        } else if (block != null) {
            block.end(Ending.STOPPED, out);
        }
    }

    private void decide(Ending ending, ChatEventSink out) {
        if (undecided != null) {
            undecided.end(ending, out);
            undecided = null;
        }
    }

    /** The provider begins its message anew: what is open will not go on. */
    void cut(ChatEventSink out) {
        decide(Ending.STOPPED, out);
        endAll(Ending.REPLACED, out);
    }

    /**
     * The answer has ended.
     * @param outOfTokens whether it was cut by a limit
     */
    void end(boolean outOfTokens, ChatEventSink out) {
        decide(outOfTokens ? Ending.LEFT_OPEN : Ending.STOPPED, out);
        endAll(Ending.LEFT_OPEN, out);
    }

    private void endAll(Ending ending, ChatEventSink out) {
        current = null;
        open.values().forEach(block -> block.end(ending, out));
        open.clear();
    }

    private static String string(@Nullable Object value) {
        return value instanceof String string ? string : "";
    }
}
