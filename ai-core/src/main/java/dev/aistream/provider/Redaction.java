package dev.aistream.provider;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes keys and what was said out of a provider's words, and bounds their length.
 *
 * <p>Removed are the values of request headers that are not known to be harmless, of query parameters, each whole text
 * of the request from {@value #MIN_LENGTH} characters on, and whatever looks like a key.
 */
final class Redaction {

    static final int MAX_LENGTH = 500;

    private static final int MIN_LENGTH = 8;
    /** What is looked at; a provider's message is seldom longer than a line. */
    private static final int MAX_INPUT = 64 * 1024;

    private static final String REMOVED = "[removed]";
    private static final Set<String> HARMLESS_HEADERS = Set.of(
            "accept",
            "content-type",
            "user-agent",
            "anthropic-version",
            "anthropic-beta",
            "openai-beta",
            "openai-organization",
            "openai-project");
    private static final Pattern KEY = Pattern.compile("\\b(?:sk|rk|pk|gsk|csk|xai|pplx|nvapi|hf|key)[-_][\\w*.-]{6,}"
            + "|\\bAIza[\\w*-]{10,}|\\bBearer\\s+[\\w*.~+/=-]{8,}");

    private final List<String> unspeakable;

    private Redaction(List<String> unspeakable) {
        this.unspeakable = unspeakable;
    }

    static Redaction of(ProviderCall call) {
        Set<String> found = new LinkedHashSet<>();
        call.secrets().forEach(secret -> add(secret, found));
        call.headers().forEach((name, value) -> addHeader(name, value, found));
        addQuery(call.uri().getRawQuery(), found);
        addQuery(call.uri().getQuery(), found);
        add(call.uri().getUserInfo(), found);
        ChatRequest request = call.request();
        if (request != null) {
            addText(request.system(), found);
            request.messages().forEach(message -> addMessage(message, found));
        }
        return new Redaction(found.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    private static void add(@Nullable String secret, Set<String> found) {
        if (secret != null && secret.strip().length() >= MIN_LENGTH) {
            found.add(secret.strip());
        }
    }

    private static void addHeader(String name, String value, Set<String> found) {
        if (!HARMLESS_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            add(value, found);
            add(value.substring(value.indexOf(' ') + 1), found);
        }
    }

    private static void addQuery(@Nullable String query, Set<String> found) {
        if (query != null) {
            for (String parameter : query.split("&")) {
                add(parameter.substring(parameter.indexOf('=') + 1), found);
            }
        }
    }

    private static void addMessage(Message message, Set<String> found) {
        if (message instanceof Message.System system) {
            addText(system.text(), found);
        } else if (message instanceof Message.User user) {
            user.content().forEach(content -> addContent(content, found));
        } else if (message instanceof Message.Assistant assistant) {
            assistant.content().forEach(content -> addContent(content, found));
        } else if (message instanceof Message.ToolResult result) {
            addText(result.output(), found);
        }
    }

    private static void addContent(Content content, Set<String> found) {
        if (content instanceof Content.Text text) {
            addText(text.text(), found);
        } else if (content instanceof Content.Reasoning reasoning) {
            addText(reasoning.text(), found);
        } else if (content instanceof Content.ToolUse use) {
            addText(use.call().arguments(), found);
        }
    }

    /** Providers quote what they were sent as it is, with white space collapsed, or as JSON. */
    private static void addText(@Nullable String text, Set<String> found) {
        if (text != null) {
            add(text, found);
            add(text.replaceAll("\\s+", " "), found);
            add(escaped(text), found);
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    @Nullable
    String apply(@Nullable String text) {
        return text == null ? null : clean(text);
    }

    String clean(String text) {
        String clean = text.length() > MAX_INPUT ? text.substring(0, MAX_INPUT) : text;
        for (String word : unspeakable) {
            clean = clean.replace(word, REMOVED);
        }
        return cut(KEY.matcher(clean).replaceAll(REMOVED));
    }

    private static String cut(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 2)) ? MAX_LENGTH - 2 : MAX_LENGTH - 1;
        return text.substring(0, end) + '…';
    }
}
