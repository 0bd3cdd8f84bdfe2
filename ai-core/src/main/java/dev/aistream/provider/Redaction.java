package dev.aistream.provider;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import java.util.ArrayList;
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
 * <p>Removed are
 * <ul>
 *   <li>the values of request headers that are not known to be harmless, of query parameters, and whatever looks like a
 *       key
 *   <li>each piece of the request's texts that {@link Quotations} finds
 *   <li>each whole text too short for that; one of less than {@value #MIN_LENGTH} characters only if the user or the
 *       system said it, and where it stands as a word of its own.
 * </ul>
 */
final class Redaction {

    static final int MAX_LENGTH = 500;

    private static final int MIN_LENGTH = 8;
    /** A letter alone tells nothing, and is the article of many a sentence. */
    private static final int MIN_WORD_LENGTH = 2;

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

    /** Codes and paths of parameters: providers do not quote in them. */
    private static final Pattern NAME = Pattern.compile("[\\w.:/\\[\\]-]{1,100}");

    private final Set<String> secrets = new LinkedHashSet<>();
    private final List<String> texts = new ArrayList<>();
    private final Set<String> shortTexts = new LinkedHashSet<>();
    private final Set<String> words = new LinkedHashSet<>();

    private Redaction() {}

    static Redaction of(ProviderCall call) {
        Redaction redaction = new Redaction();
        call.secrets().forEach(redaction::addSecret);
        call.headers().forEach(redaction::addHeader);
        redaction.addQuery(call.uri().getRawQuery());
        redaction.addQuery(call.uri().getQuery());
        redaction.addSecret(call.uri().getUserInfo());
        ChatRequest request = call.request();
        if (request != null) {
            redaction.addText(request.system(), true);
            request.messages().forEach(redaction::addMessage);
        }
        return redaction;
    }

    private void addSecret(@Nullable String secret) {
        if (secret != null && secret.strip().length() >= MIN_LENGTH) {
            secrets.add(secret.strip());
        }
    }

    private void addHeader(String name, String value) {
        if (!HARMLESS_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            addSecret(value);
            addSecret(value.substring(value.indexOf(' ') + 1));
        }
    }

    private void addQuery(@Nullable String query) {
        if (query != null) {
            for (String parameter : query.split("&")) {
                addSecret(parameter.substring(parameter.indexOf('=') + 1));
            }
        }
    }

    private void addMessage(Message message) {
        if (message instanceof Message.System system) {
            addText(system.text(), true);
        } else if (message instanceof Message.User user) {
            user.content().forEach(content -> addContent(content, true));
        } else if (message instanceof Message.Assistant assistant) {
            assistant.content().forEach(content -> addContent(content, false));
        } else if (message instanceof Message.ToolResult result) {
            addText(result.output(), false);
        }
    }

    private void addContent(Content content, boolean prompt) {
        if (content instanceof Content.Text text) {
            addText(text.text(), prompt);
        } else if (content instanceof Content.Reasoning reasoning) {
            addText(reasoning.text(), prompt);
        } else if (content instanceof Content.ToolUse use) {
            addText(use.call().arguments(), prompt);
        }
    }

    /** Providers quote what they were sent as it is, with white space collapsed, or as JSON. */
    private void addText(@Nullable String text, boolean prompt) {
        if (text == null) {
            return;
        }
        String stripped = text.strip();
        String escaped = escaped(stripped);
        if (Quotations.canBeFound(stripped)) {
            texts.add(stripped);
            if (stripped.indexOf('\\') >= 0) {
                texts.add(escaped);
            }
        } else if (stripped.length() >= MIN_LENGTH) {
            shortTexts.addAll(List.of(stripped, stripped.replaceAll("\\s+", " "), escaped));
        } else if (prompt && stripped.length() >= MIN_WORD_LENGTH) {
            words.addAll(List.of(stripped, escaped));
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    /** A code, a type or the path of a parameter. */
    @Nullable
    String name(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return NAME.matcher(name).matches() ? withoutKeys(name) : message(name);
    }

    String message(String message) {
        String clean = withoutKeys(message.length() > MAX_INPUT ? message.substring(0, MAX_INPUT) : message);
        clean = Quotations.replace(clean, texts, REMOVED);
        clean = without(shortTexts, clean);
        for (String word : words) {
            clean = Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])")
                    .matcher(clean)
                    .replaceAll(REMOVED);
        }
        return cut(clean);
    }

    private String withoutKeys(String text) {
        return KEY.matcher(without(secrets, text)).replaceAll(REMOVED);
    }

    /** The longest first, for one may be a part of another. */
    private static String without(Set<String> unspeakable, String text) {
        List<String> longestFirst = unspeakable.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        String clean = text;
        for (String words : longestFirst) {
            clean = clean.replace(words, REMOVED);
        }
        return clean;
    }

    private static String cut(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 2)) ? MAX_LENGTH - 2 : MAX_LENGTH - 1;
        return text.substring(0, end) + '…';
    }
}
