package dev.aistream.sse;

/**
 * A line that the end of a chunk cut: what is kept of it until the rest comes. Its kind is settled after a few bytes
 * and says how much that is: all of a field, the first part of an unknown line, nothing of others.
 */
final class CutLine {

    private final int maxLineLength;
    private final int maxUnknownLength;
    private final GrowingBytes kept;
    private boolean open;
    private LineKind kind = LineKind.UNDECIDED;
    private boolean nonAscii;
    private boolean tooLong;

    CutLine(int maxLineLength, int maxUnknownLength) {
        this.maxLineLength = maxLineLength;
        this.maxUnknownLength = maxUnknownLength;
        this.kept = new GrowingBytes(maxLineLength);
    }

    void begin() {
        open = true;
        kind = LineKind.UNDECIDED;
        kept.clear();
        nonAscii = false;
        tooLong = false;
    }

    /**
     * Adds more of the line.
     * @throws SseLimitException if it is a field and gets too long
     */
    void extend(byte[] bytes, int from, int to, boolean nonAscii) {
        this.nonAscii |= nonAscii;
        int at = from;
        if (kind == LineKind.UNDECIDED) {
            at = Math.min(to, from + LineKind.DECIDED_AFTER - kept.length());
            kept.append(bytes, from, at);
            kind = LineKind.ofBeginning(kept.bytes(), 0, kept.length());
        }
        int added = to - at;
        if (kind == LineKind.UNKNOWN) {
            int room = Math.min(added, maxUnknownLength - kept.length());
            kept.append(bytes, at, at + room);
            tooLong |= room < added;
        } else if (kind.isField()) {
            if (added > maxLineLength - kept.length()) {
                throw SseLimitException.line(maxLineLength);
            }
            kept.append(bytes, at, to);
        }
    }

    /** Ends the line; what was kept of it stays until the next one begins. */
    LineKind end() {
        open = false;
        if (kind == LineKind.UNDECIDED) {
            kind = LineKind.of(kept.bytes(), 0, kept.length());
        }
        return kind;
    }

    boolean isOpen() {
        return open;
    }

    /** As far as is known; of the last line if none is open. */
    LineKind kind() {
        return kind;
    }

    byte[] bytes() {
        return kept.bytes();
    }

    int length() {
        return kept.length();
    }

    /** Whether a byte beyond ASCII may be in it. */
    boolean nonAscii() {
        return nonAscii;
    }

    /** Whether an unknown line was longer than what is kept. */
    boolean tooLong() {
        return tooLong;
    }
}
