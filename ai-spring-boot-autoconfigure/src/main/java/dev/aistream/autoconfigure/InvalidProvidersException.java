package dev.aistream.autoconfigure;

/** The properties and beans do not give a set of providers that a template can be built of. */
final class InvalidProvidersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * Says what is wrong.
     * @param action what to do about it
     */
    InvalidProvidersException(String description, String action) {
        super(description);
        this.action = action;
    }

    String action() {
        return action;
    }
}
