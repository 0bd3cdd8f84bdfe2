package dev.aistream.relay;

import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The few JSON objects that a browser is sent, on one line each. */
final class RelayJson {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private RelayJson() {}

    static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static void text(StringBuilder out, String text) {
        out.append("{\"text\":");
        string(out, text);
        out.append('}');
    }

    static String toolCall(String id, String name, String arguments, boolean complete) {
        StringBuilder out = new StringBuilder(64 + arguments.length() + arguments.length() / 8);
        out.append("{\"id\":");
        string(out, id);
        out.append(",\"name\":");
        string(out, name);
        out.append(",\"arguments\":");
        string(out, arguments);
        return out.append(",\"complete\":").append(complete).append('}').toString();
    }

    static String complete(
            FinishReason finishReason, @Nullable Usage usage, @Nullable Long toFirstTokenMillis, long elapsedMillis) {
        StringBuilder out = new StringBuilder(192);
        out.append("{\"finishReason\":\"").append(lowerCase(finishReason)).append("\",\"usage\":");
        usage(out, usage);
        out.append(",\"timings\":{");
        number(out, "toFirstTokenMs", toFirstTokenMillis);
        number(out, "elapsedMs", elapsedMillis);
        return out.append("}}").toString();
    }

    static String failure(RelayFailure failure) {
        StringBuilder out = new StringBuilder(160);
        out.append("{\"kind\":");
        string(out, failure.kind());
        out.append(",\"message\":");
        string(out, failure.message());
        out.append(",\"retryable\":").append(failure.retryable()).append(",\"requestId\":");
        if (failure.requestId() == null) {
            out.append("null");
        } else {
            string(out, failure.requestId());
        }
        return out.append('}').toString();
    }

    private static void usage(StringBuilder out, @Nullable Usage usage) {
        if (usage == null) {
            out.append("null");
            return;
        }
        out.append('{');
        number(out, "inputTokens", usage.inputTokens());
        number(out, "outputTokens", usage.outputTokens());
        number(out, "totalTokens", usage.totalTokens());
        number(out, "cachedInputTokens", usage.cachedInputTokens());
        number(out, "cacheWriteTokens", usage.cacheWriteTokens());
        number(out, "reasoningTokens", usage.reasoningTokens());
        out.append('}');
    }

    private static void number(StringBuilder out, String name, @Nullable Long value) {
        if (value == null) {
            return;
        }
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
        out.append('"').append(name).append("\":").append(value.longValue());
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        if (isPlain(text)) {
            out.append(text);
        } else {
            escape(out, text);
        }
        out.append('"');
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLoneSurrogate(text, i)) {
                        unicode(out, c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    /** UTF-8 has no bytes for half a pair, which another provider's model may send; escaped it survives. */
    private static boolean isLoneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }

    private static void unicode(StringBuilder out, char c) {
        out.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 0xF])
                .append(HEX[c >> 4 & 0xF])
                .append(HEX[c & 0xF]);
    }
}
