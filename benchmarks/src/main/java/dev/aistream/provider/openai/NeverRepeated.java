package dev.aistream.provider.openai;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Leaves every chunk to the full reader. */
@NullMarked
final class NeverRepeated extends RepeatedChunk {

    @Override
    @Nullable
    String match(byte[] data, int offset, int chunkLength) {
        return null;
    }
}
