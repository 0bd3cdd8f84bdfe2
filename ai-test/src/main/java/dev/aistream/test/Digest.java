package dev.aistream.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A text told by its length and hash.
 *
 * @param characters Unicode code points
 * @param sha256 first 16 hexadecimal digits of the SHA-256 of the text in UTF-8; null for an empty text, and
 *     where nobody computed it
 */
public record Digest(int characters, @Nullable String sha256) {

    private static final int HASH_BYTES = 8;

    public static Digest of(String text) {
        return new Digest(text.codePointCount(0, text.length()), text.isEmpty() ? null : hash(text));
    }

    static Digest of(JsonNode node, String field) {
        return new Digest(
                node.path(field + "Chars").asInt(0), node.path(field + "Sha256").asString(null));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return characters + " characters, " + (sha256 == null ? "no hash" : sha256);
    }
}
