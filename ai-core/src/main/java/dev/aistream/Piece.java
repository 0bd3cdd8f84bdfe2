package dev.aistream;

import dev.aistream.chat.Content;
import org.jspecify.annotations.Nullable;

/** A part of an answer that goes into its message, in the order in which the parts began. */
interface Piece {

    /** As it is sent back; null where there is nothing to send. */
    @Nullable
    Content content();

    /** A piece that only its provider understands, whole from the start. */
    record NativePiece(Content.Native content) implements Piece {}
}
