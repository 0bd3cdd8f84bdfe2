package dev.aistream.provider.openai;

import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the fields of a stream that have no name here, as bytes: the last value of each, the elements of all values
 * where the field is a list that arrives in parts. Null and empty values are nothing. A value that comes again costs a
 * comparison.
 *
 * <p>Fields are noted while an event is read and kept when it turned out to belong to the answer.
 *
 * <p>Bounded: what does not fit is left out, and named in {@link #OMITTED}.
 */
final class MetadataCollector {

    /** Names of the fields of which something is missing for their size. */
    static final String OMITTED = "omitted_metadata";

    private static final int MAX_FIELDS = 256;
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /** Where a field stands. Of equal names the outer one wins. */
    enum Level {
        DELTA,
        LOGPROBS,
        CHOICE,
        TOP
    }

    private final List<Field> fields = new ArrayList<>();
    private int expected;
    private int keptBytes;

    private Field[] noted = new Field[16];
    private int[] ranges = new int[32];
    private int notedCount;
    private boolean joinedAny;
    private @Nullable String oneTooMany;

    /** Passes over the value at the reader's cursor and notes it. */
    void note(JsonReader reader, Level level) {
        JsonToken token = reader.peek();
        int from = reader.position();
        Field field = token == JsonToken.NULL ? null : find(reader, level);
        reader.skipValue();
        int to = reader.position();
        if (field != null && !isEmpty(token, to - from)) {
            add(field, from, to);
        }
    }

    /** An empty string, object or array; white space inside is not worth looking for. */
    private static boolean isEmpty(JsonToken token, int length) {
        return length == 2 && token != JsonToken.NUMBER;
    }

    private void add(Field field, int from, int to) {
        if (notedCount == noted.length) {
            noted = Arrays.copyOf(noted, notedCount * 2);
            ranges = Arrays.copyOf(ranges, notedCount * 4);
        }
        noted[notedCount] = field;
        ranges[2 * notedCount] = from;
        ranges[2 * notedCount + 1] = to;
        notedCount++;
    }

    /** Fields mostly come in the order in which they came last time. */
    private @Nullable Field find(JsonReader reader, Level level) {
        int count = fields.size();
        for (int i = 0; i < count; i++) {
            int at = expected + i < count ? expected + i : expected + i - count;
            Field field = fields.get(at);
            if (field.level == level && reader.nameEquals(field.nameBytes)) {
                expected = at + 1 < count ? at + 1 : 0;
                return field;
            }
        }
        if (count == MAX_FIELDS) {
            oneTooMany = oneTooMany == null ? reader.name() : oneTooMany;
            return null;
        }
        Field field = new Field(level, reader.name());
        fields.add(field);
        return field;
    }

    int mark() {
        return notedCount;
    }

    /** Forgets what was noted since the mark. */
    void rewind(int mark) {
        notedCount = mark;
    }

    /**
     * Keeps what was noted.
     * @param bytes the event that was read
     */
    void keep(byte[] bytes) {
        joinedAny = false;
        for (int i = 0; i < notedCount; i++) {
            keep(noted[i], bytes, ranges[2 * i], ranges[2 * i + 1]);
        }
        notedCount = 0;
    }

    private void keep(Field field, byte[] bytes, int from, int to) {
        boolean list = bytes[from] == '[' && (field.level == Level.DELTA || field.level == Level.LOGPROBS);
        if (list ? isBlank(bytes, from + 1, to - 1) : field.holds(bytes, from, to)) {
            return;
        }
        joinedAny |= list;
        int before = field.length;
        int room = MAX_BYTES - keptBytes + (list ? 0 : before);
        if (to - from > room) {
            field.omitted = true;
            return;
        }
        if (list) {
            field.join(bytes, from + 1, to - 1);
        } else {
            field.replace(bytes, from, to);
        }
        keptBytes += field.length - before;
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
        return at == to;
    }

    /** Whether the event kept last added to a list, so that an equal event would add again. */
    boolean joinedAny() {
        return joinedAny;
    }

    /** Everything kept, as maps and lists. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        Map<String, @Nullable Object> logprobs = new LinkedHashMap<>();
        List<String> omitted = new ArrayList<>();
        JsonReader reader = new JsonReader();
        for (Level level : Level.values()) {
            for (Field field : fields) {
                if (field.level == level) {
                    if (field.length > 0) {
                        (level == Level.LOGPROBS ? logprobs : map).put(field.name, field.value(reader));
                    }
                    if (field.omitted) {
                        omitted.add(field.name);
                    }
                }
            }
        }
        if (!logprobs.isEmpty()) {
            map.put("logprobs", logprobs);
        }
        if (oneTooMany != null) {
            omitted.add(oneTooMany);
        }
        if (!omitted.isEmpty()) {
            map.put(OMITTED, omitted);
        }
        return map;
    }

    /** One field and its JSON; of a list the elements only. */
    private static final class Field {

        private final Level level;
        private final String name;
        private final byte[] nameBytes;
        private byte[] value = {};
        private int length;
        private boolean list;
        private boolean omitted;

        Field(Level level, String name) {
            this.level = level;
            this.name = name;
            this.nameBytes = name.getBytes(StandardCharsets.UTF_8);
        }

        boolean holds(byte[] bytes, int from, int to) {
            return !list && Arrays.equals(value, 0, length, bytes, from, to);
        }

        void replace(byte[] bytes, int from, int to) {
            list = false;
            length = 0;
            append(bytes, from, to);
        }

        void join(byte[] bytes, int from, int to) {
            if (!list) {
                list = true;
                length = 0;
            }
            if (length > 0) {
                reserve(1);
                value[length++] = ',';
            }
            append(bytes, from, to);
        }

        private void append(byte[] bytes, int from, int to) {
            reserve(to - from);
            System.arraycopy(bytes, from, value, length, to - from);
            length += to - from;
        }

        private void reserve(int more) {
            if (value.length - length < more) {
                value = Arrays.copyOf(value, Math.max(length + more, 2 * length));
            }
        }

        @Nullable
        Object value(JsonReader reader) {
            byte[] json = value;
            int end = length;
            if (list) {
                json = new byte[length + 2];
                json[0] = '[';
                System.arraycopy(value, 0, json, 1, length);
                json[length + 1] = ']';
                end = json.length;
            }
            reader.reset(json, 0, end);
            return reader.readValue();
        }
    }
}
