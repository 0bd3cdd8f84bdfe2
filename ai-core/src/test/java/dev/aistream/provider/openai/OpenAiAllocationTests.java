package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.aistream.chat.ChatEvent;
import dev.aistream.provider.ChatEventSink;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guard that does not depend on time: what one chunk of text leaves behind. */
class OpenAiAllocationTests {

    private static final int CHUNKS = 20_000;
    private static final int MAX_BYTES_PER_CHUNK = 400;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "same shape, content, 0, ''",
        "same shape with padding, content, 0, ',\"obfuscation\":\"aB3xYz\"'",
        "reasoning, reasoning_content, 0, ''",
        "another field changes with each chunk, content, 1, ''",
        "usage with each chunk, content, 1, ',\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}'",
    })
    void aTextChunkAllocatesLittle(String name, String field, int varies, String after) {
        byte[] body = body(field, varies, after);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Keeper out = new Keeper();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            OpenAiStreamDecoder decoder = Decoded.decoder(false);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int at = 0; at < body.length; at += 8192) {
                decoder.decode(ByteBuffer.wrap(body, at, Math.min(8192, body.length - at)), out);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(out.last).isNotNull();
        assertThat(least / CHUNKS).as("bytes per chunk, %s", name).isLessThanOrEqualTo(MAX_BYTES_PER_CHUNK);
    }

    private static byte[] body(String field, int varies, String after) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < CHUNKS; i++) {
            body.append("data: {\"id\":\"chatcmpl-B7x2fQzvTq1bYk8eLw3mN5pRs6u\",\"object\":\"chat.completion.chunk\",")
                    .append("\"created\":")
                    .append(1741042342 + i * varies)
                    .append(",\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",")
                    .append("\"system_fingerprint\":\"fp_06737a9306\",\"choices\":[{\"index\":0,\"delta\":{\"")
                    .append(field)
                    .append("\":\" word\"},\"logprobs\":null,\"finish_reason\":null}]")
                    .append(after)
                    .append("}\n\n");
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Lets each event escape, so that none is optimised away. */
    private static final class Keeper implements ChatEventSink {

        private volatile ChatEvent last;

        @Override
        public void next(ChatEvent event) {
            last = event;
        }

        @Override
        public void complete() {}
    }
}
