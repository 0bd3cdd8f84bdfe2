package dev.aistream.provider;

import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import dev.aistream.json.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A response whose status is not 2xx: its body, as far as it comes, becomes the failure. */
final class RefusedResponse {

    static final int MAX_BODY = 64 * 1024;
    static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private RefusedResponse() {}

    /**
     * Reads at most {@value #MAX_BODY} bytes, for at most {@link #MAX_WAIT}; what came until then, or until the
     * connection broke, is what the failure is made of.
     * @return fails, always
     */
    static Mono<Void> fail(ResponseHead head, Flux<DataBuffer> body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return DataBufferUtils.takeUntilByteCount(body, MAX_BODY)
                .takeUntilOther(Mono.delay(MAX_WAIT))
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .doOnNext(buffer -> append(buffer, bytes))
                .onErrorComplete()
                .then(Mono.error(() -> ProviderErrors.refused(
                        head, json(bytes.toByteArray()), bytes.toString(StandardCharsets.UTF_8))));
    }

    private static void append(DataBuffer buffer, ByteArrayOutputStream bytes) {
        byte[] part = new byte[buffer.readableByteCount()];
        buffer.read(part);
        DataBufferUtils.release(buffer);
        bytes.writeBytes(part);
    }

    private static @Nullable Object json(byte[] body) {
        try {
            JsonReader reader = new JsonReader();
            reader.reset(body, 0, body.length);
            Object value = reader.readValue();
            reader.end();
            return value;
        } catch (JsonSyntaxException noJson) {
            return null;
        }
    }
}
