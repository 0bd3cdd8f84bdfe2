package dev.aistream.json;

/**
 * Follows the strings and brackets of JSON that arrives in pieces, cut anywhere, and knows whether it is whole. Keeps
 * nothing of it; whether it is JSON at all is for its reader to find out.
 *
 * <p>Not thread-safe: one instance per value.
 */
public final class JsonBalance {

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean empty = true;

    /** Takes the next fragment. */
    public void feed(String fragment) {
        for (int i = 0; i < fragment.length(); i++) {
            feed(fragment.charAt(i));
        }
    }

    /** Takes the next character, or the next byte of UTF-8. */
    public void feed(int c) {
        if (inString) {
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
            return;
        }
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
        empty &= c >= 0 && c <= ' ';
    }

    /**
     * Takes bytes of UTF-8 up to the one that makes the value whole.
     * @return the index behind it; negative where the value goes on behind {@code to}
     */
    public int feed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            feed(bytes[i]);
            if (isWhole()) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Whether nothing but white space has come. */
    public boolean isEmpty() {
        return empty;
    }

    /** Whether what has come is whole: something, with every string and bracket closed. */
    public boolean isWhole() {
        return !empty && depth == 0 && !inString;
    }

    /** Another that has seen the same. */
    public JsonBalance copy() {
        JsonBalance copy = new JsonBalance();
        copy.depth = depth;
        copy.inString = inString;
        copy.escaped = escaped;
        copy.empty = empty;
        return copy;
    }
}
