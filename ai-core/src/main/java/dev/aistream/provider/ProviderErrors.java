package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what providers say when they fail, in any of the shapes that they use: {@code {"error": {…}}} with string or
 * numeric code (OpenAI and its kin, OpenRouter, Gemini, Anthropic), {@code {"error": "…"}} (Ollama), {@code {"object":
 * "error", …}} (vLLM, Mistral), {@code {"type": "error", …}} (OpenAI Responses), {@code {"detail": …}} (FastAPI),
 * {@code {"message": …}}, and each of these as the only element of an array.
 *
 * <p>JSON is given as {@link dev.aistream.json.JsonReader#readValue()} reads it.
 */
public final class ProviderErrors {

    private ProviderErrors() {}

    /**
     * Whether a JSON value, whole, is an error of some provider: not an {@code "error"} that is null, empty or false,
     * nor a message whose {@code code} is none of a failure.
     */
    public static boolean isError(@Nullable Object json) {
        if (json instanceof List<?> list) {
            return list.size() == 1 && isError(list.get(0));
        }
        return json instanceof Map<?, ?> object
                && (isSomething(object.get("error"))
                        || "error".equals(object.get("type"))
                        || "error".equals(object.get("object"))
                        || (object.size() == 1 && isSomething(object.get("detail")))
                        || saysWithFailureCode(object));
    }

    /** {@code {"code": 20012, "message": "…", "data": null}} (SiliconFlow). */
    private static boolean saysWithFailureCode(Map<?, ?> object) {
        return object.get("message") instanceof String message
                && !message.isBlank()
                && object.get("code") instanceof Number code
                && code.intValue() >= 400;
    }

    /** Whether a value of JSON says anything: it is not null, empty or false. */
    public static boolean isSomething(@Nullable Object value) {
        return value != null
                && !Boolean.FALSE.equals(value)
                && !"".equals(value)
                && !(value instanceof Map<?, ?> map && map.isEmpty())
                && !(value instanceof List<?> list && list.isEmpty());
    }

    /**
     * The failure that a JSON value inside a stream tells of, with the HTTP status that it stands for, and retryable as
     * that status is.
     * @param json the event's whole object, or the value of its {@code error} field: map, list, string or number
     * @param head the head of the response that it came in
     */
    public static ChatException inStream(@Nullable Object json, @Nullable ResponseHead head) {
        Words words = Words.of(json);
        int status = words.status();
        return failure(Kind.PROVIDER_ERROR, words, status, "The provider reported an error inside the stream")
                .retryAfter(words.retryAfter())
                .retryable(isRetryable(status, words, null))
                .requestId(head == null || head.requestId() == null ? words.requestId() : null)
                .head(head)
                .build();
    }

    /**
     * The failure that an event named {@code error} tells of: providers send JSON in it, proxies their own words.
     * @param data the event's, UTF-8
     * @param head the head of the response that it came in
     */
    public static ChatException inStream(byte[] data, int offset, int length, @Nullable ResponseHead head) {
        return inStream(jsonOrText(data, offset, length), head);
    }

    private static @Nullable Object jsonOrText(byte[] data, int offset, int length) {
        JsonReader reader = new JsonReader();
        reader.reset(data, offset, length);
        try {
            Object json = reader.readValue();
            reader.end();
            return json;
        } catch (JsonSyntaxException text) {
            return new String(data, offset, length, StandardCharsets.UTF_8).strip();
        }
    }

    /**
     * The failure of a response whose status is not 2xx.
     * @param json its body; null where it is no JSON
     * @param text its body, for proxies that send text or HTML
     */
    static ChatException refused(ResponseHead head, @Nullable Object json, String text) {
        Words words = json == null ? Words.NONE : Words.of(json);
        String fallback = "The provider answered with HTTP " + head.status();
        String plain = json == null ? PlainBody.summary(text) : "";
        Duration headers = RetryAdvice.delay(head);
        return failure(Kind.HTTP_STATUS, words, head.status(), plain.isEmpty() ? fallback : fallback + ": " + plain)
                .retryAfter(headers == null ? words.retryAfter() : headers)
                .retryable(isRetryable(head.status(), words, RetryAdvice.shouldRetry(head)))
                .requestId(head.requestId() == null ? words.requestId() : null)
                .head(head)
                .build();
    }

    private static ChatException.Builder failure(Kind kind, Words words, int status, String fallback) {
        return ChatException.builder(kind, words.message() == null ? fallback : words.message())
                .code(words.code())
                .type(words.type())
                .param(words.param())
                .status(status);
    }

    /** The policy of the providers' own clients: 408, 409, 429 and 5xx, unless the provider says otherwise. */
    private static boolean isRetryable(int status, Words words, @Nullable Boolean advice) {
        if (words.saysQuotaIsSpent()) {
            return false;
        }
        return Objects.requireNonNullElse(advice, status == 408 || status == 409 || status == 429 || status >= 500);
    }

    /** What one error says, whatever its shape. */
    private record Words(
            @Nullable String message,
            @Nullable String code,
            @Nullable String type,
            @Nullable String param,
            @Nullable Integer number,
            @Nullable Duration retryAfter,
            @Nullable String requestId) {

        static final Words NONE = new Words(null, null, null, null, null, null, null);

        static Words of(@Nullable Object json) {
            if (json instanceof List<?> list && !list.isEmpty()) {
                return list.size() == 1 || !(list.get(0) instanceof Map<?, ?> first && first.containsKey("msg"))
                        ? of(list.get(0))
                        : NONE.saying(join(list));
            }
            if (json instanceof Map<?, ?> object) {
                return ofObject(object);
            }
            return json == null ? NONE : NONE.saying(text(json));
        }

        private static Words ofObject(Map<?, ?> object) {
            Object error = object.get("error");
            if (error instanceof Map<?, ?> inner && !inner.isEmpty()) {
                return ofError(inner, text(object.get("request_id")));
            }
            if (object.get("errors") instanceof List<?> several && !several.isEmpty()) {
                return of(several);
            }
            if (isSomething(error) && !(error instanceof Map) && !isSomething(object.get("message"))) {
                return new Words(
                        text(error),
                        text(object.get("code")),
                        type(object),
                        null,
                        number(object.get("code")),
                        null,
                        null);
            }
            return ofError(object, text(object.get("request_id")));
        }

        private static Words ofError(Map<?, ?> error, @Nullable String requestId) {
            String code = text(error.get("code"));
            Integer number = number(error.get("code"));
            if (number == null) {
                number = number(error.get("status_code"));
            }
            String status = error.get("status") instanceof String name ? name : null;
            if (number == null && status == null) {
                number = number(error.get("status"));
            }
            String type = type(error);
            if (type == null && error.get("metadata") instanceof Map<?, ?> metadata) {
                type = text(metadata.get("error_type"));
            }
            return new Words(
                    message(error),
                    status != null && number != null ? status : code,
                    type,
                    text(error.get("param")),
                    number,
                    RetryAdvice.ofDetails(error.get("details")),
                    requestId);
        }

        private static @Nullable String type(Map<?, ?> error) {
            String type = text(error.get("type"));
            return "error".equals(type) ? null : type;
        }

        private static @Nullable String message(Map<?, ?> error) {
            for (String field : List.of("message", "detail", "msg", "error_description", "title")) {
                Object value = error.get(field);
                if (value instanceof Map<?, ?> nested) {
                    value = nested.get("detail") == null ? nested.get("message") : nested.get("detail");
                }
                String said = value instanceof List<?> list ? join(list) : text(value);
                if (said != null && !said.isBlank()) {
                    return said;
                }
            }
            return null;
        }

        /** FastAPI's list of what is wrong with which field. */
        private static String join(List<?> problems) {
            return problems.stream()
                    .map(problem -> problem instanceof Map<?, ?> object ? text(object.get("msg")) : text(problem))
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("; "));
        }

        private static @Nullable String text(@Nullable Object value) {
            if (value instanceof String string) {
                return string.isBlank() ? null : string;
            }
            return value instanceof Number || value instanceof Boolean ? value.toString() : null;
        }

        private static @Nullable Integer number(@Nullable Object value) {
            if (value instanceof Number number) {
                return number.intValue();
            }
            return value instanceof String string && string.matches("[1-5]\\d\\d") ? Integer.valueOf(string) : null;
        }

        private Words saying(@Nullable String text) {
            return new Words(text, code, type, param, number, retryAfter, requestId);
        }

        private String names() {
            return (code + " " + type).toLowerCase(Locale.ROOT);
        }

        boolean saysQuotaIsSpent() {
            return names().contains("insufficient_quota")
                    || names().contains("exceeded_current_quota")
                    || names().contains("billing");
        }

        /** The HTTP status that an error inside a stream stands for. */
        int status() {
            if (number != null && number >= 400 && number <= 599) {
                return number;
            }
            String names = names();
            for (Map.Entry<String, Integer> entry : STATUS_BY_WORD) {
                if (names.contains(entry.getKey())) {
                    return entry.getValue();
                }
            }
            return 500;
        }

        private static final List<Map.Entry<String, Integer>> STATUS_BY_WORD = List.of(
                Map.entry("quota", 429),
                Map.entry("rate_limit", 429),
                Map.entry("resource_exhausted", 429),
                Map.entry("too_many", 429),
                Map.entry("overloaded_error", 529),
                Map.entry("overloaded", 503),
                Map.entry("unavailable", 503),
                Map.entry("timeout", 504),
                Map.entry("deadline_exceeded", 504),
                Map.entry("authentic", 401),
                Map.entry("api_key", 401),
                Map.entry("billing", 402),
                Map.entry("permission", 403),
                Map.entry("not_found", 404),
                Map.entry("conflict", 409),
                Map.entry("too_large", 413),
                Map.entry("invalid", 400),
                Map.entry("context_length", 400),
                Map.entry("content_filter", 400),
                Map.entry("policy", 400),
                Map.entry("unsupported", 400),
                Map.entry("too_small", 400),
                Map.entry("image_parse", 400),
                Map.entry("image_file", 400),
                Map.entry("download_image", 400),
                Map.entry("precondition", 400));
    }
}
