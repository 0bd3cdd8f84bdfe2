package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;

/** Where a {@link StreamDecoder} puts its events. Never blocks; keeps what the reader has not asked for yet. */
public interface ChatEventSink {

    void next(ChatEvent event);

    /** The answer is whole. What the decoder emits after that is dropped. */
    void complete();
}
