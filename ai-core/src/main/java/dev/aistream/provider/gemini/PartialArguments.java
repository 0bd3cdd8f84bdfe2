package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the arguments of a call as JSON while they come in pieces, each with the JSONPath of its place: what is open
 * is kept, never the arguments themselves. The model writes from left to right, so that a piece belongs at the end, or
 * to the string that is open; a place that was left cannot be gone back to.
 *
 * <p>Not thread-safe: one instance per call.
 */
final class PartialArguments {

    private static final int MAX_ELEMENTS_LEFT_OUT = 1000;

    private final List<Level> levels = new ArrayList<>();
    private final StringBuilder json = new StringBuilder();
    /** Path of the string that is open; null outside of one. */
    private @Nullable String openString;

    /**
     * Takes a piece.
     * @param reader at a {@code PartialArg}, which is consumed
     * @return JSON text to add to what was returned before; may be empty
     * @throws ChatException of kind {@code MALFORMED} for a path that is none, or that goes back
     */
    String piece(JsonReader reader) {
        String path = null;
        String string = null;
        String literal = null;
        reader.beginObject();
        while (reader.nextName()) {
            int member = reader.selectName(GeminiWire.PARTIAL_ARG);
            if (member == GeminiWire.JSON_PATH) {
                path = reader.readStringOrNull();
            } else if (member == GeminiWire.STRING_VALUE) {
                string = reader.readStringOrNull();
            } else if (member == GeminiWire.NULL_VALUE) {
                reader.skipValue();
                literal = "null";
            } else if (member > GeminiWire.STRING_VALUE && reader.peek() != JsonToken.NULL) {
                literal = reader.readRaw();
            } else {
                reader.skipValue();
            }
        }
        if (path != null && (string != null || literal != null)) {
            write(path, string, literal);
        }
        return taken();
    }

    /** Whatever {@code willContinue} says of the string, one path again means the same string. */
    private void write(String path, @Nullable String string, @Nullable String literal) {
        if (string == null || !path.equals(openString)) {
            closeString();
            moveTo(JsonPath.parse(path));
            if (string == null) {
                json.append(literal);
                return;
            }
            json.append('"');
            openString = path;
        }
        escape(string);
    }

    private void moveTo(List<Object> path) {
        int shared = 0;
        while (shared < Math.min(levels.size(), path.size()) - 1
                && levels.get(shared).isAt(path.get(shared))) {
            shared++;
        }
        closeBelow(shared + 1);
        for (int depth = shared; depth < path.size(); depth++) {
            Object member = path.get(depth);
            if (depth == levels.size()) {
                levels.add(new Level(member instanceof String));
                json.append(member instanceof String ? '{' : '[');
            }
            levels.get(depth).begin(member);
        }
    }

    private void closeBelow(int size) {
        while (levels.size() > size) {
            json.append(levels.remove(levels.size() - 1).object ? '}' : ']');
        }
    }

    private void closeString() {
        if (openString != null) {
            json.append('"');
            openString = null;
        }
    }

    /** The call has ended: returns what closes the arguments, an empty object where there were none. */
    String end() {
        closeString();
        if (levels.isEmpty()) {
            return "{}";
        }
        closeBelow(0);
        return taken();
    }

    private String taken() {
        String taken = json.toString();
        json.setLength(0);
        return taken;
    }

    private void escape(String string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u00").append(c < 0x10 ? '0' : '1').append(Character.forDigit(c & 0xF, 16));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
    }

    private static ChatException malformed() {
        return ChatException.builder(Kind.MALFORMED, "The pieces of a call's arguments do not fit together")
                .build();
    }

    /** An object or array that is open. */
    private final class Level {

        private final boolean object;
        private final Set<String> names;
        private @Nullable Object current;
        private int elements;

        Level(boolean object) {
            this.object = object;
            this.names = object ? new HashSet<>() : Set.of();
        }

        boolean isAt(Object member) {
            return member.equals(current);
        }

        void begin(Object member) {
            current = member;
            if (object && member instanceof String name && names.add(name)) {
                separate(names.size() > 1);
                json.append('"');
                escape(name);
                json.append("\":");
            } else if (!object && member instanceof Integer index) {
                beginElement(index);
            } else {
                throw malformed();
            }
        }

        private void beginElement(int index) {
            if (index < elements || index - elements > MAX_ELEMENTS_LEFT_OUT) {
                throw malformed();
            }
            while (elements < index) {
                separate(elements++ > 0);
                json.append("null");
            }
            separate(elements++ > 0);
        }

        private void separate(boolean needed) {
            if (needed) {
                json.append(',');
            }
        }
    }
}
