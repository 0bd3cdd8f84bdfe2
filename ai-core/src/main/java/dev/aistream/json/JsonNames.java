package dev.aistream.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names, or string values, prepared for {@link JsonReader#selectName} and {@link JsonReader#selectString}: found by
 * their bytes, without making a String.
 *
 * <p>Immutable; meant for a constant next to the {@code switch} over its indexes.
 */
public final class JsonNames {

    private final byte[][] names;
    /** Open addressing, at most a quarter full: index into {@link #names} plus one, 0 for a free slot. */
    private final byte[] slots;

    private JsonNames(byte[][] names) {
        this.names = names;
        this.slots = new byte[Integer.highestOneBit(Math.max(names.length, 2) * 8 - 1)];
        for (int index = 0; index < names.length; index++) {
            byte[] name = names[index];
            if (find(name, 0, name.length) >= 0) {
                throw new IllegalArgumentException("Name given twice: " + new String(name, StandardCharsets.UTF_8));
            }
            int slot = slot(name, 0, name.length);
            while (slots[slot] != 0) {
                slot = next(slot);
            }
            slots[slot] = (byte) (index + 1);
        }
    }

    /**
     * Prepares a set of names.
     * @param names at most 100, all different; the first has index 0
     */
    public static JsonNames of(String... names) {
        if (names.length > 100) {
            throw new IllegalArgumentException("More than 100 names");
        }
        return new JsonNames(Arrays.stream(names)
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new));
    }

    /** The index of the name that these bytes spell, -1 if there is none. */
    int find(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        while (true) {
            int index = slots[slot] - 1;
            if (index < 0) {
                return -1;
            }
            byte[] name = names[index];
            if (Arrays.equals(name, 0, name.length, bytes, from, to)) {
                return index;
            }
            slot = next(slot);
        }
    }

    /** Length, first, middle and last byte tell the names of real wire formats apart. */
    private int slot(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return 0;
        }
        int mixed = (length * 31 + bytes[from]) * 31 + bytes[from + (length >> 1)];
        mixed = (mixed * 31 + bytes[to - 1]) * 0x9E3779B1;
        return (mixed >>> 16) & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
