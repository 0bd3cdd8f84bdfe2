package dev.aistream.provider.responses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an item in the order in which they began, and how much of each was told.
 *
 * <p>An event means the part of its index. Where there is none of that index it means the part of the event before, for
 * vLLM counts the index up with each event.
 */
final class ResponsesParts<P extends ResponsesParts.Part> {

    /** A part. */
    static class Part {

        private final long index;
        /** Characters of it that were told, which must not be repeated. */
        long told;

        boolean ended;

        Part(long index) {
            this.index = index;
        }

        final long index() {
            return index;
        }
    }

    private final LongFunction<P> factory;
    private final List<P> parts = new ArrayList<>(1);
    private final Map<Long, P> byIndex = new HashMap<>(2);
    /** The part of the last event, found again without a search. */
    private @Nullable P current;

    ResponsesParts(LongFunction<P> factory) {
        this.factory = factory;
    }

    /** The provider announces a part. */
    void begin(long index) {
        P known = find(index);
        current = known == null ? add(index) : known;
    }

    /** The part that an event means. */
    P get(long index) {
        P part = current;
        if (part == null || part.index() != index) {
            P known = find(index);
            if (known != null) {
                part = known;
            } else if (part == null || part.ended) {
                part = add(index);
            }
            current = part;
        }
        return part;
    }

    /**
     * The part that an element of the whole item is.
     * @param before characters that the elements before it hold
     * @return null where the element was told as one with another
     */
    @Nullable
    P atPlace(int position, long before) {
        if (position < parts.size()) {
            return parts.get(position);
        }
        return told() > before ? null : add(position);
    }

    List<P> all() {
        return parts;
    }

    private long told() {
        return parts.stream().mapToLong(part -> part.told).sum();
    }

    private P add(long index) {
        P part = factory.apply(index);
        parts.add(part);
        byIndex.putIfAbsent(index, part);
        return part;
    }

    private @Nullable P find(long index) {
        return byIndex.get(index);
    }
}
