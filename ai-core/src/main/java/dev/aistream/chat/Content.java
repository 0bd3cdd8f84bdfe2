package dev.aistream.chat;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a message. Metadata is what the provider attached to the piece and wants back with it
 * (signatures, ids), by the provider's own field names.
 */
public sealed interface Content {

    /**
     * Text.
     *
     * @param text what was written
     * @param metadata the provider's own, to send back
     */
    record Text(String text, Map<String, ?> metadata) implements Content {

        public Text {
            metadata = Json.copyOf(metadata);
        }

        public Text(String text) {
            this(text, Map.of());
        }

        @Override
        public String toString() {
            return "Text[" + text.length() + " chars]";
        }
    }

    /**
     * An image, by address or by value: exactly one of {@code url} and {@code data} is there.
     *
     * @param url where the provider can read it
     * @param data its bytes; not copied
     * @param mediaType such as {@code image/png}; needed with {@code data}
     */
    record Image(
            @Nullable URI url,
            byte @Nullable [] data,
            @Nullable String mediaType) implements Content {

        public Image {
            if ((url == null) == (data == null)) {
                throw new IllegalArgumentException("An image needs either a url or data");
            }
            if (data != null && mediaType == null) {
                throw new IllegalArgumentException("An image given as data needs a media type");
            }
        }

        public static Image of(URI url) {
            return new Image(url, null, null);
        }

        public static Image of(byte[] data, String mediaType) {
            return new Image(null, data, mediaType);
        }

        @Override
        public String toString() {
            return "Image[" + (data == null ? "url" : mediaType + ", " + data.length + " bytes") + "]";
        }
    }

    /**
     * What the model thought, as far as the provider shows it.
     *
     * @param text the shown part; may be empty where only the signature counts
     * @param metadata the provider's own, such as {@code signature}, to send back
     */
    record Reasoning(String text, Map<String, ?> metadata) implements Content {

        public Reasoning {
            metadata = Json.copyOf(metadata);
        }

        @Override
        public String toString() {
            return "Reasoning[" + text.length() + " chars]";
        }
    }

    /**
     * A tool that the model asked for.
     *
     * @param call the call
     */
    record ToolUse(ToolCall call) implements Content {}

    /**
     * A piece that only its provider understands (a hosted tool's call or result, a redacted thought), kept so
     * that it can be sent back to the same provider as it came.
     *
     * @param provider name of the provider that sent it; others leave it out
     * @param value its JSON object
     */
    record Native(String provider, Map<String, ?> value) implements Content {

        public Native {
            value = Json.copyOf(value);
        }

        @Override
        public String toString() {
            return "Native[" + provider + ", " + value.get("type") + "]";
        }
    }
}
