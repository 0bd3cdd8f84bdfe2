package dev.aistream.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over JSON bytes (RFC 8259, strict), made once and pointed at one text after the other. It allocates nothing
 * but the Strings, and the values of {@link #readValue()}, that it is asked for.
 *
 * <pre>{@code
 * private static final JsonNames NAMES = JsonNames.of("text", "count");
 *
 * reader.reset(bytes, offset, length);
 * reader.beginObject();
 * while (reader.nextName()) {
 *     switch (reader.selectName(NAMES)) {
 *         case 0 -> text = reader.readStringOrNull();
 *         case 1 -> count = reader.readLong();
 *         default -> reader.skipValue();
 *     }
 * }
 * reader.end();
 * }</pre>
 *
 * <p>After {@link #nextName()} or {@link #nextElement()} returned true, exactly one value must be read or skipped. Only
 * what the cursor has passed has been checked: a text is whole once {@link #end()} returns. The bytes must be
 * well-formed UTF-8, as those of an {@code SseHandler} are; they are not copied, so they must not change meanwhile.
 *
 * <p>Every method that moves the cursor throws {@link JsonSyntaxException} if the text is malformed, ends too early,
 * nests deeper than {@link #MAX_DEPTH} or holds another type than asked for. After that only {@link #reset} makes
 * sense, and makes the reader as new.
 *
 * <p>Not thread-safe.
 */
public final class JsonReader {

    /** How many objects and arrays may stand inside each other. */
    public static final int MAX_DEPTH = 512;

    /** Longest number that {@link #readValue()} turns into a BigInteger or BigDecimal, whose making is quadratic. */
    private static final int MAX_NUMBER_LENGTH = 1000;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;

    private final StringDecoder decoder = new StringDecoder();
    /** While skipping: a bit for each open level, set for an object. */
    private final long[] objects = new long[MAX_DEPTH / Long.SIZE];

    private byte[] bytes = {};
    private int start;
    private int end;
    private int position;
    private int depth;
    /** Whether the innermost object or array was just opened, so that no comma precedes what follows. */
    private boolean opened;

    private int nameStart;
    private int nameEnd;
    private boolean nameIsEscaped;
    /** Of the string scanned last. */
    private boolean escaped;

    private boolean ascii;
    /** Of the number scanned last: neither fraction nor exponent. */
    private boolean integral;

    /** Points the reader at a text. Whatever happened before is forgotten. */
    public void reset(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        // To store a reference into what may be old costs G1 more than to compare it.
        if (this.bytes != bytes) {
            this.bytes = bytes;
        }
        this.start = offset;
        this.position = offset;
        this.end = offset + length;
        this.depth = 0;
        this.opened = false;
        this.nameStart = offset;
        this.nameEnd = offset;
        this.nameIsEscaped = false;
    }

    /** What comes next, white space skipped; the cursor stays before it. */
    public JsonToken peek() {
        if (afterWhitespace() == end) {
            return JsonToken.END;
        }
        return switch (bytes[position]) {
            case '{' -> JsonToken.OBJECT;
            case '[' -> JsonToken.ARRAY;
            case '"' -> JsonToken.STRING;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> JsonToken.NUMBER;
            case 't' -> JsonToken.TRUE;
            case 'f' -> JsonToken.FALSE;
            case 'n' -> JsonToken.NULL;
            case '}' -> JsonToken.END_OBJECT;
            case ']' -> JsonToken.END_ARRAY;
            default -> throw syntax("expected a value");
        };
    }

    /** Enters an object; {@link #nextName()} leads on. */
    public void beginObject() {
        open('{', "expected an object");
    }

    /** Enters an array; {@link #nextElement()} leads on. */
    public void beginArray() {
        open('[', "expected an array");
    }

    /**
     * Moves to the next member's value.
     * @return false at the object's end, which is consumed
     */
    public boolean nextName() {
        if (closesOrSeparates('}')) {
            return false;
        }
        readName();
        return true;
    }

    /**
     * Moves to the next element.
     * @return false at the array's end, which is consumed
     */
    public boolean nextElement() {
        if (closesOrSeparates(']')) {
            return false;
        }
        afterWhitespace();
        return true;
    }

    /** The index in the set of the name found by {@link #nextName()}, -1 if it is not in it. */
    public int selectName(JsonNames names) {
        if (nameIsEscaped) {
            byte[] name = name().getBytes(StandardCharsets.UTF_8);
            return names.find(name, 0, name.length);
        }
        return names.find(bytes, nameStart, nameEnd);
    }

    /** Whether the name found by {@link #nextName()} is this one, given as ASCII. */
    public boolean nameEquals(byte[] ascii) {
        if (nameIsEscaped) {
            return Arrays.equals(name().getBytes(StandardCharsets.UTF_8), ascii);
        }
        return Arrays.equals(bytes, nameStart, nameEnd, ascii, 0, ascii.length);
    }

    /** The name found by {@link #nextName()}. */
    public String name() {
        return nameIsEscaped
                ? decoder.string(bytes, nameStart, nameEnd)
                : new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    /** Reads a string. An escaped lone surrogate stays one. */
    public String readString() {
        int from = scanString();
        int to = position - 1;
        if (escaped) {
            return decoder.string(bytes, from, to);
        }
        return new String(bytes, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /** Passes over a string, or a null, and returns the string's index in the set, -1 if it is not in it. */
    public int selectString(JsonNames names) {
        if (readNull()) {
            return -1;
        }
        int from = scanString();
        int to = position - 1;
        if (escaped) {
            byte[] value = decoder.string(bytes, from, to).getBytes(StandardCharsets.UTF_8);
            return names.find(value, 0, value.length);
        }
        return names.find(bytes, from, to);
    }

    /** Reads a string, or null where the literal {@code null} stands. */
    public @Nullable String readStringOrNull() {
        return readNull() ? null : readString();
    }

    /**
     * Appends a string's characters.
     * @return how many
     */
    public int readStringInto(StringBuilder out) {
        int from = scanString();
        return decoder.appendTo(out, bytes, from, position - 1);
    }

    /**
     * Reads a number as an integer: a fraction is cut off, and a number beyond a long's range becomes the nearest long,
     * so that no count or time stamp that a provider writes oddly ends a stream.
     */
    public long readLong() {
        int from = scanNumber();
        return integral ? JsonNumbers.integer(bytes, from, position) : JsonNumbers.truncated(bytes, from, position);
    }

    /** Reads a number; infinite if beyond a double's range. */
    public double readDouble() {
        int from = scanNumber();
        return JsonNumbers.floating(bytes, from, position);
    }

    /** Reads {@code true} or {@code false}. */
    public boolean readBoolean() {
        int at = afterWhitespace();
        if (at < end && bytes[at] == 't') {
            literal("true");
            return true;
        }
        if (at < end && bytes[at] == 'f') {
            literal("false");
            return false;
        }
        throw syntax("expected true or false");
    }

    /** Whether the literal {@code null} stands here; if so it is consumed, else nothing is. */
    public boolean readNull() {
        int at = afterWhitespace();
        if (at < end && bytes[at] == 'n') {
            literal("null");
            return true;
        }
        return false;
    }

    /** Passes over one value of any type, checking it. */
    public void skipValue() {
        int base = depth;
        do {
            boolean complete = skipScalarOrOpen();
            while (complete && depth > base) {
                complete = skipToNextMember();
            }
        } while (depth > base);
    }

    /**
     * Where the cursor stands, as an index into {@link #bytes()}: on a value's first byte after {@link #nextName()} or
     * {@link #nextElement()}, behind its last after reading or skipping it.
     */
    public int position() {
        return position;
    }

    /** The array handed to {@link #reset}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Passes over one value and returns its JSON as written. */
    public String readRaw() {
        int from = afterWhitespace();
        skipValue();
        return new String(bytes, from, position - from, StandardCharsets.UTF_8);
    }

    /**
     * Reads one value of any type: Map (in order; of equal names the last wins), List, String, Boolean, null, or a
     * number that loses no digit: Long or BigInteger, with fraction or exponent Double or BigDecimal. Maps and lists
     * are mutable and the caller's. A number of more than 1000 bytes is refused.
     */
    public @Nullable Object readValue() {
        return switch (peek()) {
            case OBJECT -> readObject();
            case ARRAY -> readArray();
            case STRING -> readString();
            case NUMBER -> readNumber();
            case TRUE, FALSE -> readBoolean();
            case NULL -> {
                literal("null");
                yield null;
            }
            default -> throw syntax("expected a value");
        };
    }

    /** Checks that only white space follows. */
    public void end() {
        if (afterWhitespace() != end) {
            throw syntax("expected the end");
        }
    }

    private Map<String, @Nullable Object> readObject() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        beginObject();
        while (nextName()) {
            object.put(name(), readValue());
        }
        return object;
    }

    private List<@Nullable Object> readArray() {
        List<@Nullable Object> array = new ArrayList<>();
        beginArray();
        while (nextElement()) {
            array.add(readValue());
        }
        return array;
    }

    private Number readNumber() {
        int from = scanNumber();
        if (position - from > MAX_NUMBER_LENGTH) {
            throw syntax("number too long");
        }
        try {
            return integral
                    ? JsonNumbers.exactInteger(bytes, from, position)
                    : JsonNumbers.exactDecimal(bytes, from, position);
        } catch (NumberFormatException outOfRange) {
            throw syntax("exponent out of range");
        }
    }

    private void open(char bracket, String problem) {
        int at = afterWhitespace();
        if (at == end || bytes[at] != bracket) {
            throw syntax(problem);
        }
        if (depth == MAX_DEPTH) {
            throw syntax("nested too deeply");
        }
        depth++;
        position = at + 1;
        opened = true;
    }

    /** Consumes the closing bracket, and then returns true, or the comma due before another member. */
    private boolean closesOrSeparates(char closing) {
        int at = afterWhitespace();
        boolean first = opened;
        opened = false;
        if (at < end) {
            byte b = bytes[at];
            if (b == closing) {
                position = at + 1;
                depth--;
                return true;
            }
            if (first) {
                return false;
            }
            if (b == ',') {
                position = at + 1;
                return false;
            }
        }
        throw syntax("expected ',' or '" + closing + "'");
    }

    private void readName() {
        nameStart = scanString();
        nameEnd = position - 1;
        nameIsEscaped = escaped;
        int at = afterWhitespace();
        if (at == end || bytes[at] != ':') {
            throw syntax("expected ':'");
        }
        position = at + 1;
        afterWhitespace();
    }

    /** Skips a scalar or empty container and returns true, or enters one that is not empty, up to its first value. */
    private boolean skipScalarOrOpen() {
        switch (peek()) {
            case OBJECT -> {
                beginObject();
                objects[(depth - 1) >> 6] |= 1L << (depth - 1);
                return !skipToNextMemberOfObject();
            }
            case ARRAY -> {
                beginArray();
                objects[(depth - 1) >> 6] &= ~(1L << (depth - 1));
                return !nextElement();
            }
            case STRING -> scanString();
            case NUMBER -> scanNumber();
            case TRUE -> literal("true");
            case FALSE -> literal("false");
            case NULL -> literal("null");
            default -> throw syntax("expected a value");
        }
        return true;
    }

    /** After a value inside a container: whether the container ended there too; else the cursor is at its next value. */
    private boolean skipToNextMember() {
        boolean object = (objects[(depth - 1) >> 6] & 1L << (depth - 1)) != 0;
        return object ? !skipToNextMemberOfObject() : !nextElement();
    }

    private boolean skipToNextMemberOfObject() {
        if (closesOrSeparates('}')) {
            return false;
        }
        scanString();
        int at = afterWhitespace();
        if (at == end || bytes[at] != ':') {
            throw syntax("expected ':'");
        }
        position = at + 1;
        return true;
    }

    private void literal(String literal) {
        int length = literal.length();
        if (end - position < length) {
            throw syntax("expected a value");
        }
        for (int i = 0; i < length; i++) {
            if (bytes[position + i] != literal.charAt(i)) {
                throw syntax("expected a value");
            }
        }
        position += length;
    }

    /** Moves behind the closing quote and returns where the string's content begins. */
    private int scanString() {
        int at = afterWhitespace();
        if (at == end || bytes[at] != '"') {
            throw syntax("expected a string");
        }
        int from = at + 1;
        long seen = 0;
        escaped = false;
        int i = from;
        while (true) {
            // A word may reach beyond the text, though not beyond the array: what is found there is ignored.
            while (i <= bytes.length - Long.BYTES) {
                long word = (long) WORDS.get(bytes, i);
                long special = quoteBackslashOrControl(word);
                if (special != 0) {
                    seen |= word & (Long.lowestOneBit(special) - 1);
                    i += Long.numberOfTrailingZeros(special) >> 3;
                    break;
                }
                seen |= word;
                i += Long.BYTES;
            }
            while (i < end && bytes[i] != '"' && bytes[i] != '\\' && (bytes[i] & 0xFF) >= ' ') {
                seen |= bytes[i++];
            }
            if (i >= end) {
                position = end;
                throw syntax("unterminated string");
            }
            position = i;
            if (bytes[i] == '"') {
                ascii = (seen & HIGH_BITS) == 0;
                position = i + 1;
                return from;
            }
            if (bytes[i] != '\\') {
                throw syntax("control character in a string");
            }
            escaped = true;
            i = escapeEnd(i + 1);
        }
    }

    /** The lowest bit set belongs to the first byte that ends a run of plain characters. */
    private static long quoteBackslashOrControl(long word) {
        long quote = word ^ ONES * '"';
        long backslash = word ^ ONES * '\\';
        return (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - ONES * ' ') & ~word))
                & HIGH_BITS;
    }

    private int escapeEnd(int at) {
        if (at < end) {
            switch (bytes[at]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                    return at + 1;
                }
                case 'u' -> {
                    for (int i = at + 1; i <= at + 4; i++) {
                        if (i >= end || Character.digit(bytes[i], 16) < 0) {
                            throw syntax("malformed escape");
                        }
                    }
                    return at + 5;
                }
                default -> {}
            }
        }
        throw syntax("malformed escape");
    }

    /** Moves behind the number and returns where it begins. */
    private int scanNumber() {
        int from = afterWhitespace();
        int at = from;
        if (at < end && bytes[at] == '-') {
            at++;
        }
        boolean zero = at < end && bytes[at] == '0';
        int integerEnd = digitsEnd(at);
        if (zero && integerEnd > at + 1) {
            throw syntax("leading zero");
        }
        at = integerEnd;
        if (at < end && bytes[at] == '.') {
            at = digitsEnd(at + 1);
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            at = digitsEnd(at);
        }
        integral = at == integerEnd;
        position = at;
        return from;
    }

    private int digitsEnd(int from) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw syntax("expected a number");
        }
        return at;
    }

    /** Moves to the next byte that is not white space and returns where that is. */
    private int afterWhitespace() {
        int at = position;
        while (at < end && bytes[at] <= ' ' && isWhitespace(bytes[at])) {
            at++;
        }
        position = at;
        return at;
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private JsonSyntaxException syntax(String problem) {
        return new JsonSyntaxException(problem, position - start);
    }
}
