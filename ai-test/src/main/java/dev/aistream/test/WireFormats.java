package dev.aistream.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows wire formats by what their first event holds. */
final class WireFormats {

    private static final int LOOKED_AT = 4096;
    private static final Map<String, String> BY_MARK = new LinkedHashMap<>();

    static {
        BY_MARK.put("\"chat.completion.chunk\"", "chat");
        BY_MARK.put("\"response.created\"", "responses");
        BY_MARK.put("\"message_start\"", "anthropic");
        BY_MARK.put("\"candidates\"", "gemini");
        BY_MARK.put("\"created_at\"", "ollama");
    }

    private WireFormats() {}

    static @Nullable String guess(byte[] body) {
        String beginning = new String(body, 0, Math.min(body.length, LOOKED_AT), ISO_8859_1);
        for (Map.Entry<String, String> mark : BY_MARK.entrySet()) {
            if (beginning.contains(mark.getKey())) {
                return mark.getValue();
            }
        }
        return null;
    }
}
