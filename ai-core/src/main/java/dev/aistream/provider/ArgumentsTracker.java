package dev.aistream.provider;

/**
 * Watches the arguments of a tool call go by and knows whether they are a whole JSON value yet, without keeping them:
 * an answer cut by its limit of tokens leaves an open string or bracket.
 *
 * <p>Not thread-safe: one instance per call.
 */
public final class ArgumentsTracker {

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean empty = true;

    /** Takes the next fragment. */
    public void feed(String fragment) {
        for (int i = 0; i < fragment.length(); i++) {
            char c = fragment.charAt(i);
            if (inString) {
                inString = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else {
                structure(c);
            }
        }
    }

    private void structure(char c) {
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {
                if (c <= ' ') {
                    return;
                }
            }
        }
        empty = false;
    }

    /** Whether nothing but white space has come. */
    public boolean empty() {
        return empty;
    }

    /** Whether what has come is whole: something, with every string and bracket closed. */
    public boolean complete() {
        return !empty && depth == 0 && !inString;
    }
}
