package dev.aistream;

import dev.aistream.chat.Content;
import dev.aistream.chat.ToolCall;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block, a call or a refusal while it grows: which ranges of a buffer are its own. Blocks of the same kind share a
 * buffer, so that what interleaves is kept once and in the order in which it came.
 */
final class TextPiece implements Piece {

    /** What the characters are. */
    enum Kind {
        TEXT,
        REASONING,
        TOOL_CALL,
        REFUSAL
    }

    private static final int[] NONE = {};

    private final Kind kind;
    private final String id;
    private final String toolName;
    private final StringBuilder buffer;
    /** The range that grows: nearly always the only one. */
    private int from;

    private int to;
    /** The ranges before it, as pairs. */
    private int[] earlier = NONE;

    private int earlierEnds;
    private boolean complete;
    private Map<String, ?> metadata = Map.of();

    TextPiece(Kind kind, String id, String toolName, StringBuilder buffer) {
        this.kind = kind;
        this.id = id;
        this.toolName = toolName;
        this.buffer = buffer;
    }

    Kind kind() {
        return kind;
    }

    boolean is(Kind kind, String id) {
        return this.kind == kind && this.id.equals(id);
    }

    void append(String characters, int count) {
        int at = buffer.length();
        if (at != to) {
            beginRange(at);
        }
        if (count == characters.length()) {
            // Copied in one piece, a range of a string character by character.
            buffer.append(characters);
        } else {
            buffer.append(characters, 0, count);
        }
        to = at + count;
    }

    private void beginRange(int at) {
        if (from != to) {
            if (earlierEnds == earlier.length) {
                earlier = Arrays.copyOf(earlier, Math.max(2, 2 * earlierEnds));
            }
            earlier[earlierEnds++] = from;
            earlier[earlierEnds++] = to;
        }
        from = at;
    }

    void end(boolean complete, Map<String, ?> metadata) {
        this.complete = complete;
        this.metadata = metadata;
    }

    @Override
    public @Nullable Content content() {
        if (kind == Kind.TOOL_CALL) {
            return new Content.ToolUse(toolCall());
        }
        String text = text();
        if (text.isEmpty() && metadata.isEmpty()) {
            return null;
        }
        return kind == Kind.REASONING ? new Content.Reasoning(text, metadata) : new Content.Text(text, metadata);
    }

    ToolCall toolCall() {
        return new ToolCall(id, toolName, text(), complete, metadata);
    }

    private String text() {
        if (earlierEnds == 0) {
            return buffer.substring(from, to);
        }
        StringBuilder text = new StringBuilder();
        for (int range = 0; range < earlierEnds; range += 2) {
            text.append(buffer, earlier[range], earlier[range + 1]);
        }
        return text.append(buffer, from, to).toString();
    }
}
