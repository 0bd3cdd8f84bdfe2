package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An image that its address holds.
 *
 * @param mediaType such as {@code image/png}
 * @param base64 its bytes
 */
public record DataUri(String mediaType, String base64) {

    private static final String BASE64 = ";base64";

    /**
     * Reads an address.
     * @return null if it is of another kind
     * @throws ChatException of kind {@code INVALID_REQUEST} if its data are not base64
     */
    public static @Nullable DataUri of(@Nullable URI url) {
        if (url == null || !"data".equalsIgnoreCase(url.getScheme())) {
            return null;
        }
        String data = url.getSchemeSpecificPart();
        int comma = data.indexOf(',');
        if (comma < 0 || !data.startsWith(BASE64, comma - BASE64.length())) {
            throw ChatException.builder(Kind.INVALID_REQUEST, "An image's data URI must be base64: data:…;base64,…")
                    .build();
        }
        return new DataUri(data.substring(0, comma - BASE64.length()), data.substring(comma + 1));
    }

    @Override
    public String toString() {
        return "DataUri[" + mediaType + ", " + base64.length() + " chars]";
    }
}
