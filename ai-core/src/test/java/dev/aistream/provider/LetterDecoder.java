package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.FinishReason;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A letter is a fragment, {@code .} the end of the answer, {@code ;} the same without an event, {@code ,} a finish reason, {@code !} broken, {@code #} raw,
 * and anything else a comment.
 */
final class LetterDecoder implements StreamDecoder {

    private boolean finishSeen;

    @Override
    public void decode(ByteBuffer chunk, ChatEventSink out) {
        while (chunk.hasRemaining()) {
            char letter = (char) chunk.get();
            switch (letter) {
                case '.' -> complete(out);
                case ';' -> out.complete();
                case ',' -> finishSeen = true;
                case '#' -> out.next(new ChatEvent.Raw("", "{}"));
                case '!' ->
                    throw ChatException.builder(ChatException.Kind.MALFORMED, "broken")
                            .build();
                default -> {
                    if (Character.isLetter(letter)) {
                        out.next(new ChatEvent.TextDelta("text", String.valueOf(letter)));
                    }
                }
            }
        }
    }

    @Override
    public void end(ChatEventSink out) {
        if (!finishSeen) {
            throw ChatException.builder(ChatException.Kind.INTERRUPTED, "cut")
                    .retryable(true)
                    .build();
        }
        complete(out);
    }

    @Override
    public boolean completable() {
        return finishSeen;
    }

    private static void complete(ChatEventSink out) {
        out.next(new ChatEvent.ResponseEnd(FinishReason.STOP, null, null, Map.of()));
        out.complete();
    }
}
