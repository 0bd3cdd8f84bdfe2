package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.json.JsonReader;
import java.util.ArrayList;
import java.util.List;

/** Reads the JSONPaths (RFC 9535) of single places: names after a dot or quoted in brackets, and indexes. */
final class JsonPath {

    private final String path;
    private final List<Object> steps = new ArrayList<>();
    private int at;

    private JsonPath(String path) {
        this.path = path;
    }

    /**
     * The steps from the root: a String for each member, an Integer for each element.
     * @throws ChatException of kind {@code MALFORMED} if there is none, or more than JSON may nest
     */
    static List<Object> parse(String path) {
        JsonPath parsed = new JsonPath(path);
        parsed.at = path.startsWith("$") ? 1 : 0;
        while (parsed.at < path.length()) {
            parsed.step();
        }
        if (parsed.steps.isEmpty() || parsed.steps.size() > JsonReader.MAX_DEPTH) {
            throw malformed();
        }
        return parsed.steps;
    }

    private void step() {
        char c = path.charAt(at);
        if (c == '[') {
            at++;
            bracket();
        } else {
            if (c == '.') {
                at++;
            }
            name();
        }
    }

    private void name() {
        int from = at;
        while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
            at++;
        }
        steps.add(path.substring(from, at));
    }

    private void bracket() {
        char quote = at < path.length() ? path.charAt(at) : ']';
        if (quote == '\'' || quote == '"') {
            at++;
            quoted(quote);
        } else {
            index();
        }
        if (at >= path.length() || path.charAt(at) != ']') {
            throw malformed();
        }
        at++;
    }

    private void quoted(char quote) {
        StringBuilder name = new StringBuilder();
        while (at < path.length() && path.charAt(at) != quote) {
            if (path.charAt(at) == '\\' && at + 1 < path.length()) {
                at++;
            }
            name.append(path.charAt(at++));
        }
        at++;
        steps.add(name.toString());
    }

    private void index() {
        int index = 0;
        int from = at;
        while (at < path.length() && path.charAt(at) >= '0' && path.charAt(at) <= '9') {
            index = index * 10 + path.charAt(at++) - '0';
            if (index > Integer.MAX_VALUE / 20) {
                throw malformed();
            }
        }
        if (at == from) {
            throw malformed();
        }
        steps.add(index);
    }

    private static ChatException malformed() {
        return ChatException.builder(Kind.MALFORMED, "The path of a piece of a call's arguments is none")
                .build();
    }
}
