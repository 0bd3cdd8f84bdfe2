package dev.aistream.json;

/**
 * The bytes are no JSON (RFC 8259), are nested too deeply, or are not of the type asked for. The message says what was
 * expected and where, never what was found: answers and keys stay out of logs.
 */
public final class JsonSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int offset;

    JsonSyntaxException(String problem, int offset) {
        super("Malformed JSON at byte " + offset + ": " + problem);
        this.offset = offset;
    }

    /** Where, in bytes from the start of the text. */
    public int offset() {
        return offset;
    }
}
