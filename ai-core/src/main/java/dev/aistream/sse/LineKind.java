package dev.aistream.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What a line is, as its first bytes tell. */
enum LineKind {
    DATA(4),
    EVENT(5),
    ID(2),
    RETRY(5),
    /** Kept up to a bound and reported: JSON outside any field, an {@code error} field. */
    UNKNOWN(0),
    COMMENT(0),
    IGNORED(0),
    /** So far the beginning of a field name. */
    UNDECIDED(0);

    /** With so many bytes no line is undecided. */
    static final int DECIDED_AFTER = 6;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int DATA_BYTES = 'd' | 'a' << 8 | 't' << 16 | 'a' << 24;

    private final int nameLength;

    LineKind(int nameLength) {
        this.nameLength = nameLength;
    }

    boolean isField() {
        return nameLength > 0;
    }

    /** Whether such a line makes the body an event stream. */
    boolean isEventStream() {
        return isField() || this == COMMENT;
    }

    /** Where the value of this field begins: behind the colon and one space. */
    int valueStart(byte[] bytes, int from, int to) {
        int at = from + nameLength;
        if (at < to) {
            at++;
        }
        return at < to && bytes[at] == ' ' ? at + 1 : at;
    }

    /** The kind of a line of at least one byte, of which perhaps not all is there. */
    static LineKind ofBeginning(byte[] bytes, int from, int to) {
        int nameEnd = nameEnd(bytes, from, to);
        boolean nameMayGoOn = nameEnd == to && to - from < DECIDED_AFTER;
        return nameMayGoOn ? UNDECIDED : of(bytes, from, nameEnd, bytes[from]);
    }

    /** The kind of a whole line of at least one byte. */
    static LineKind of(byte[] bytes, int from, int to) {
        if (to - from > 4 && (int) INTS.get(bytes, from) == DATA_BYTES && bytes[from + 4] == ':') {
            return DATA;
        }
        return of(bytes, from, nameEnd(bytes, from, to), bytes[from]);
    }

    private static LineKind of(byte[] bytes, int from, int nameEnd, byte first) {
        return switch (first) {
            case ':' -> COMMENT;
            case '{', '}', '[', ']', ',', '"', ' ', '\t' -> UNKNOWN;
            case 'd' -> isName(bytes, from, nameEnd, "data") ? DATA : IGNORED;
            case 'i' -> isName(bytes, from, nameEnd, "id") ? ID : IGNORED;
            case 'r' -> isName(bytes, from, nameEnd, "retry") ? RETRY : IGNORED;
            case 'e' ->
                isName(bytes, from, nameEnd, "event")
                        ? EVENT
                        : isName(bytes, from, nameEnd, "error") ? UNKNOWN : IGNORED;
            default -> IGNORED;
        };
    }

    /** The colon, or where the search for it ends: a longer name is none that counts. */
    private static int nameEnd(byte[] bytes, int from, int to) {
        int last = Math.min(to, from + DECIDED_AFTER);
        int at = from;
        while (at < last && bytes[at] != ':') {
            at++;
        }
        return at;
    }

    private static boolean isName(byte[] bytes, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
