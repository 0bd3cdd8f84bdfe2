package dev.aistream.chat;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The head of the provider's HTTP response.
 *
 * @param status HTTP status code
 * @param headers by case-insensitive name; cookies are left out
 */
public record ResponseHead(int status, Map<String, List<String>> headers) {

    private static final List<String> REQUEST_ID_HEADERS =
            List.of("x-request-id", "request-id", "apim-request-id", "x-generation-id", "x-goog-request-id", "cf-ray");

    public ResponseHead {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> {
            if (!name.toLowerCase(Locale.ROOT).startsWith("set-cookie")) {
                copy.put(name, List.copyOf(values));
            }
        });
        headers = Collections.unmodifiableMap(copy);
    }

    public @Nullable String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The provider's id of this call, to quote to its support; null where it sends none. */
    public @Nullable String requestId() {
        for (String name : REQUEST_ID_HEADERS) {
            String value = header(name);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    /** The headers that speak of rate limits, by their lower-case names. */
    public Map<String, String> rateLimits() {
        Map<String, String> limits = new TreeMap<>();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!values.isEmpty() && (lower.contains("ratelimit") || lower.startsWith("retry-after"))) {
                limits.put(lower, values.get(0));
            }
        });
        return Collections.unmodifiableMap(limits);
    }
}
