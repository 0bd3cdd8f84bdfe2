package dev.aistream.provider.openai;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.ChatEventSink;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.infra.Blackhole;

/** Feeds bodies to a decoder, as a network would: 8 KiB at a time. */
@NullMarked
final class Bodies {

    private static final int READ = 8192;
    private static final int MAX_LINE_LENGTH = 1 << 20;
    private static final ResponseHead HEAD =
            new ResponseHead(200, Map.of("content-type", List.of("text/event-stream")));

    private Bodies() {}

    static void decode(byte[] body, RepeatedChunk repeated, Blackhole hole) {
        OpenAiStreamDecoder decoder =
                new OpenAiStreamDecoder("openai", List.of(), HEAD, MAX_LINE_LENGTH, false, repeated);
        ChatEventSink out = new ChatEventSink() {
            @Override
            public void next(ChatEvent event) {
                hole.consume(event);
            }

            @Override
            public void complete() {}
        };
        ByteBuffer chunk = ByteBuffer.wrap(body);
        for (int from = 0; from < body.length; from += READ) {
            chunk.limit(Math.min(body.length, from + READ)).position(from);
            decoder.decode(chunk, out);
        }
    }
}
