package dev.aistream.autoconfigure;

import org.jspecify.annotations.Nullable;

/** A provider takes no call without a key, and there is none. */
final class MissingApiKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String provider;
    private final String prefix;
    private final @Nullable String placeholder;

    /**
     * Names what is missing.
     * @param prefix of the provider's properties
     * @param placeholder what stands in the key's place because nothing resolves it; null where nothing does
     */
    MissingApiKeyException(String provider, String prefix, @Nullable String placeholder) {
        super("No key for provider '" + provider + "': " + prefix + ".api-key is "
                + (placeholder == null ? "not set" : "the unresolved " + placeholder));
        this.provider = provider;
        this.prefix = prefix;
        this.placeholder = placeholder;
    }

    String provider() {
        return provider;
    }

    String prefix() {
        return prefix;
    }

    @Nullable
    String placeholder() {
        return placeholder;
    }
}
