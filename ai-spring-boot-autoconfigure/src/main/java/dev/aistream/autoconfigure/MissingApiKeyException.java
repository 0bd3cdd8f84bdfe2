package dev.aistream.autoconfigure;

import org.jspecify.annotations.Nullable;

/** A provider takes no call without a key, and there is none. */
final class MissingApiKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String provider;
    private final @Nullable String placeholder;

    /**
     * Names what is missing.
     * @param placeholder what stands in the key's place because nothing resolves it; null where nothing does
     */
    MissingApiKeyException(String provider, @Nullable String placeholder) {
        super("No key for provider '" + provider + "': ai." + provider + ".api-key is "
                + (placeholder == null ? "not set" : "the unresolved " + placeholder));
        this.provider = provider;
        this.placeholder = placeholder;
    }

    String provider() {
        return provider;
    }

    @Nullable
    String placeholder() {
        return placeholder;
    }
}
