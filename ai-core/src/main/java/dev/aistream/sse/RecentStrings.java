package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Strings made before: a stream names the same few event types over and over. */
final class RecentStrings {

    private static final int SLOTS = 8;
    private static final int MAX_KEPT_LENGTH = 128;

    private @Nullable String @Nullable [] recent;

    String of(byte[] bytes, int from, int to) {
        if (to == from || to - from > MAX_KEPT_LENGTH) {
            return new String(bytes, from, to - from, UTF_8);
        }
        if (recent == null) {
            recent = new String[SLOTS];
        }
        int slot = (to - from) * 7 + bytes[to - 1] & SLOTS - 1;
        String known = recent[slot];
        if (known == null || !isAscii(known, bytes, from, to)) {
            known = new String(bytes, from, to - from, UTF_8);
            recent[slot] = known;
        }
        return known;
    }

    /** Whether the bytes are ASCII and spell this text. */
    static boolean isAscii(String text, byte[] bytes, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
