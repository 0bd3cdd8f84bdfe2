package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import java.util.List;
import java.util.Map;

/**
 * The smallest provider: each event's data is a fragment of text, {@code [DONE]} ends the answer, {@code <finish>} is a
 * finish reason, an empty event is an empty delta, and data that begin with a brace must be a JSON error.
 */
class TextDecoder extends SseStreamDecoder {

    private boolean started;
    private boolean finishSeen;

    TextDecoder(ResponseHead head) {
        super(head, 16 * 1024);
    }

    @Override
    protected void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
        String text = new String(data, offset, length, UTF_8);
        if (isDone(data, offset, length)) {
            complete(out);
        } else if (text.equals("<finish>")) {
            finishSeen = true;
        } else if (text.startsWith("{")) {
            JsonReader reader = new JsonReader();
            reader.reset(data, offset, length);
            throw ProviderErrors.inStream(reader.readValue(), head());
        } else if (!text.isEmpty()) {
            start(out);
            out.next(new ChatEvent.TextDelta("text", text));
        }
    }

    @Override
    protected void onEnd(ChatEventSink out) {
        if (!finishSeen) {
            throw interrupted();
        }
        complete(out);
    }

    @Override
    public boolean completable() {
        return finishSeen;
    }

    private void start(ChatEventSink out) {
        if (!started) {
            started = true;
            out.next(new ChatEvent.ResponseStart("", "", "text", List.of(), head()));
        }
    }

    private void complete(ChatEventSink out) {
        start(out);
        out.next(new ChatEvent.ResponseEnd(FinishReason.STOP, null, null, Map.of()));
        out.complete();
    }
}
