package dev.aistream.provider.openai;

import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.provider.openai.OpenAiWire.Delta;
import dev.aistream.provider.openai.OpenAiWire.ToolCallFragment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk that repeats the one before in all but its piece of text: the fast path, for that is what nearly every chunk
 * does, and comparing bytes is many times faster than reading JSON.
 *
 * <p>It learns from a chunk that the {@link ChunkReader} has read: which bytes stand before, between and after its
 * piece (of text, of reasoning or of one tool call's arguments) and its padding. A chunk matches if all those bytes are
 * the same and what stands in place of the two are JSON strings, the first not empty. Then the full reader would find
 * the same fields with the same values except those two; it drops the padding; what it does with the rest is nothing,
 * for the chunk learned was plain (no finish reason, nothing joined to earlier values) and was the last one read in
 * full, so that fields which hold their last value keep it. So the piece alone is left to emit. Anything else is no
 * match and is read in full.
 *
 * <p>Not final: a test overrides {@link #match} to compare with reading everything in full.
 */
class RepeatedChunk {

    /** What a piece is. */
    enum Kind {
        TEXT,
        REASONING,
        ARGUMENTS
    }

    private final JsonReader strings = new JsonReader();
    private byte[] learned = {};
    private int length;
    /** The bytes before the first string, between the two, and after the last, as offsets into what was learned. */
    private int headEnd;

    private int middleStart;
    private int middleEnd;
    private int tailStart;
    private boolean padded;
    private boolean paddingFirst;
    private Kind kind = Kind.TEXT;
    private final ToolCallFragment toolCall = new ToolCallFragment();
    private long hits;
    private long misses;

    /** Remembers a plain chunk. */
    void learn(byte[] data, int offset, int chunkLength, Delta delta, ChunkReader reader) {
        if (learned.length < chunkLength) {
            learned = new byte[Math.max(chunkLength, 512)];
        }
        System.arraycopy(data, offset, learned, 0, chunkLength);
        length = chunkLength;
        learnKind(delta);
        int start = delta.pieceStart - offset;
        int end = delta.pieceEnd - offset;
        padded = reader.paddingStart() >= 0;
        if (!padded) {
            headEnd = start;
            tailStart = end;
            return;
        }
        int paddingStart = reader.paddingStart() - offset;
        int paddingEnd = reader.paddingEnd() - offset;
        paddingFirst = paddingStart < start;
        headEnd = Math.min(start, paddingStart);
        middleStart = Math.min(end, paddingEnd);
        middleEnd = Math.max(start, paddingStart);
        tailStart = Math.max(end, paddingEnd);
    }

    private void learnKind(Delta delta) {
        if (delta.toolCallCount() == 0) {
            kind = delta.isReasoning() ? Kind.REASONING : Kind.TEXT;
            return;
        }
        kind = Kind.ARGUMENTS;
        ToolCallFragment fragment = delta.toolCall(0);
        toolCall.clear();
        toolCall.index = fragment.index;
        toolCall.id = fragment.id;
        toolCall.name = fragment.name;
    }

    /** Another chunk was read in full, which may have changed what the fields hold. */
    void forget() {
        length = 0;
    }

    /** The text of a chunk that matches, null for any other. */
    @Nullable
    String match(byte[] data, int offset, int chunkLength) {
        int tailLength = length - tailStart;
        int tail = offset + chunkLength - tailLength;
        if (length == 0 || tail <= offset + headEnd || !sameAround(data, offset, tail, tailLength)) {
            misses++;
            return null;
        }
        String piece = padded ? padded(data, offset + headEnd, tail) : string(data, offset + headEnd, tail);
        if (piece == null || piece.isEmpty()) {
            misses++;
            return null;
        }
        hits++;
        return piece;
    }

    private boolean sameAround(byte[] data, int offset, int tail, int tailLength) {
        return Arrays.equals(learned, 0, headEnd, data, offset, offset + headEnd)
                && Arrays.equals(learned, tailStart, length, data, tail, tail + tailLength);
    }

    /** The string between these positions, null if it is none or ends elsewhere. */
    private @Nullable String string(byte[] data, int start, int end) {
        strings.reset(data, start - 1, end - start + 2);
        try {
            String string = strings.readString();
            return strings.position() == end + 1 ? string : null;
        } catch (JsonSyntaxException malformed) {
            return null;
        }
    }

    private @Nullable String padded(byte[] data, int start, int end) {
        int middleLength = middleEnd - middleStart;
        if (paddingFirst) {
            int paddingEnd = stringEnd(data, start, end);
            return isMiddle(data, paddingEnd, end) ? string(data, paddingEnd + middleLength, end) : null;
        }
        strings.reset(data, start - 1, end - start + 2);
        try {
            String string = strings.readString();
            int pieceEnd = strings.position() - 1;
            return isMiddle(data, pieceEnd, end) && stringEnd(data, pieceEnd + middleLength, end) == end
                    ? string
                    : null;
        } catch (JsonSyntaxException malformed) {
            return null;
        }
    }

    private boolean isMiddle(byte[] data, int start, int end) {
        int middleLength = middleEnd - middleStart;
        return start + middleLength <= end
                && Arrays.equals(learned, middleStart, middleEnd, data, start, start + middleLength);
    }

    /** Where padding ends: letters and digits, for anything else is a reason to read in full. */
    private static int stringEnd(byte[] data, int start, int end) {
        int at = start;
        while (at < end && isLetterOrDigit(data[at])) {
            at++;
        }
        return at;
    }

    private static boolean isLetterOrDigit(byte b) {
        int lower = b | 0x20;
        return (lower >= 'a' && lower <= 'z') || (b >= '0' && b <= '9');
    }

    /** What the piece of a chunk that matches is. */
    Kind kind() {
        return kind;
    }

    /** The fragment of a call whose arguments the piece is; valid until the next chunk. */
    ToolCallFragment toolCall(String piece) {
        toolCall.arguments = piece;
        return toolCall;
    }

    long hits() {
        return hits;
    }

    long misses() {
        return misses;
    }
}
