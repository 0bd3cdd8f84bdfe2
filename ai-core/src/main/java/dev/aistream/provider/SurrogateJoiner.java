package dev.aistream.provider;

/**
 * Keeps a surrogate pair whole that a provider cut into two fragments of one text.
 *
 * <p>A high surrogate at the end of a fragment waits for the next one. Fragments joined equal what came in: a lone
 * surrogate is passed on as it is, for the text is the provider's.
 *
 * <p>Not thread-safe: one instance per text.
 */
public final class SurrogateJoiner {

    private static final char NOTHING = 0;

    private char held = NOTHING;

    /**
     * Takes the next fragment.
     * @param fragment any length
     * @return what can be emitted now; the same object where nothing was cut, empty where all of it waits
     */
    public String join(String fragment) {
        int length = fragment.length();
        if (held == NOTHING && (length == 0 || !Character.isHighSurrogate(fragment.charAt(length - 1)))) {
            return fragment;
        }
        return length == 0 ? "" : joinHeld(fragment, length);
    }

    private String joinHeld(String fragment, int length) {
        StringBuilder joined = new StringBuilder(length + 1);
        if (held != NOTHING) {
            joined.append(held);
        }
        joined.append(fragment);
        int last = joined.length() - 1;
        held = NOTHING;
        if (Character.isHighSurrogate(joined.charAt(last))) {
            held = joined.charAt(last);
            joined.setLength(last);
        }
        return joined.toString();
    }

    /**
     * The text has ended.
     * @return the surrogate whose other half never came, or empty
     */
    public String end() {
        if (held == NOTHING) {
            return "";
        }
        String lone = String.valueOf(held);
        held = NOTHING;
        return lone;
    }
}
