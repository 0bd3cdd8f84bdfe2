package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Reads what providers say when they fail, in any of the shapes that they use. */
public final class ProviderErrors {

    private ProviderErrors() {}

    /**
     * The failure that a JSON value inside a stream tells of.
     * @param json the event's whole object, or the value of its {@code error} field: map, list or string
     * @param head the response that it came in
     */
    public static ChatException inStream(@Nullable Object json, @Nullable ResponseHead head) {
        return ChatException.builder(ChatException.Kind.PROVIDER_ERROR, "The provider reported an error: " + json)
                .head(head)
                .build();
    }

    /**
     * Whether a JSON object, whole, is an error of some provider.
     * @param json map, list or string
     */
    public static boolean isError(@Nullable Object json) {
        return json != null;
    }
}
