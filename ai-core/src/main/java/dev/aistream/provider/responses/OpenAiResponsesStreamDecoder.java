package dev.aistream.provider.responses;

import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.SseStreamDecoder;

/** Reads one HTTP response and hands its events to the answer that they belong to. */
final class OpenAiResponsesStreamDecoder extends SseStreamDecoder {

    private final ResponsesAnswer answer;

    OpenAiResponsesStreamDecoder(ResponseHead head, int maxLineLength, ResponsesAnswer answer) {
        super(head, maxLineLength);
        this.answer = answer;
    }

    @Override
    protected void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
        if (answer.complete()) {
            return;
        }
        if (isDone(data, offset, length)) {
            onEnd(out);
            return;
        }
        answer.onEvent(type, data, offset, length, out);
    }

    @Override
    protected void onEnd(ChatEventSink out) {
        if (!answer.complete()) {
            throw interrupted();
        }
    }
}
