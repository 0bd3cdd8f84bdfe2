package dev.aistream.provider.openai;

/**
 * Tells whether JSON that arrives in fragments is whole: something came, and every object, array and string that began
 * has ended. Keeps nothing of it.
 */
final class JsonBalance {

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean seen;

    void feed(String fragment) {
        for (int i = 0; i < fragment.length(); i++) {
            char c = fragment.charAt(i);
            if (inString) {
                feedString(c);
            } else {
                switch (c) {
                    case '"' -> inString = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> depth--;
                    default -> {}
                }
                seen |= c > ' ';
            }
        }
    }

    private void feedString(char c) {
        if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            inString = false;
        }
    }

    boolean isWhole() {
        return seen && depth == 0 && !inString;
    }
}
