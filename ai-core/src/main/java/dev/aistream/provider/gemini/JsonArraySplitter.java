package dev.aistream.provider.gemini;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.json.JsonBalance;
import dev.aistream.sse.Utf8;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hands over the elements of a JSON array while it is still being sent, cut anywhere.
 *
 * <pre>
 *            [                    { or [                    its bracket
 *  (before) ---> between elements --------> in an element --------------> between elements
 *                       | ]
 *                       v
 *                     closed
 * </pre>
 *
 * <p>Whether an element is JSON is for its reader to find out.
 *
 * <p>Not thread-safe: one instance per response.
 */
final class JsonArraySplitter {

    private static final int FIRST_CAPACITY = 4096;

    /** Takes the elements. */
    @FunctionalInterface
    interface Handler {
        /** One element; the bytes are well-formed UTF-8 and valid only during the call. */
        void onElement(byte[] json, int offset, int length);
    }

    private final int maxElementLength;
    private byte[] element = new byte[FIRST_CAPACITY];
    private int length;
    /** Of the element that has begun; null between elements. */
    private @Nullable JsonBalance balance;

    private boolean opened;
    private boolean closed;

    /**
     * A splitter of one array.
     * @param maxElementLength longest element, in bytes
     */
    JsonArraySplitter(int maxElementLength) {
        this.maxElementLength = maxElementLength;
    }

    /**
     * Accepts the next bytes.
     * @throws ChatException of kind {@code TOO_LONG} or {@code MALFORMED}
     */
    void feed(ByteBuffer chunk, Handler handler) {
        while (chunk.hasRemaining() && !closed) {
            byte b = chunk.get();
            if (balance == null) {
                between(b);
            } else {
                append(b);
                balance.feed(b);
            }
            if (balance != null && balance.isWhole()) {
                balance = null;
                handOver(handler);
            }
        }
        chunk.position(chunk.limit());
    }

    /** Whether the array's closing bracket has come; what follows it is passed over. */
    boolean closed() {
        return closed;
    }

    private void between(byte b) {
        if (b == '[' && !opened) {
            opened = true;
        } else if (opened && (b == '{' || b == '[')) {
            append(b);
            balance = new JsonBalance();
            balance.feed(b);
        } else if (opened && b == ']') {
            closed = true;
        } else if (opened && (b & 0xFF) > ' ' && b != ',') {
            throw ChatException.builder(Kind.MALFORMED, "The response's array holds something other than objects")
                    .build();
        }
    }

    private void append(byte b) {
        if (length == maxElementLength) {
            throw ChatException.builder(
                            Kind.TOO_LONG,
                            "An element of the response's array is longer than " + maxElementLength
                                    + " bytes (max-line-length)")
                    .build();
        }
        if (length == element.length) {
            element = Arrays.copyOf(element, element.length * 2);
        }
        element[length++] = b;
    }

    private void handOver(Handler handler) {
        int whole = length;
        length = 0;
        if (Utf8.isWellFormed(element, 0, whole)) {
            handler.onElement(element, 0, whole);
        } else {
            byte[] wellFormed = Utf8.replaceMalformed(element, 0, whole);
            handler.onElement(wellFormed, 0, wellFormed.length);
        }
    }
}
