package dev.aistream;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many characters a JSON value counts for, about. */
final class JsonWeight {

    private static final int SCALAR = 8;

    private JsonWeight() {}

    static long of(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return SCALAR + (long) text.length();
        }
        if (value instanceof Map<?, ?> object) {
            long weight = SCALAR;
            for (Map.Entry<?, ?> field : object.entrySet()) {
                weight += of(field.getKey()) + of(field.getValue());
            }
            return weight;
        }
        if (value instanceof List<?> array) {
            long weight = SCALAR;
            for (Object element : array) {
                weight += of(element);
            }
            return weight;
        }
        return SCALAR;
    }
}
