package dev.aistream.benchmarks.relay.servlet;

import dev.aistream.benchmarks.macro.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;

/**
 * What the relay is compared with. The floor and the one by hand write on the thread that brings the bytes, as such code
 * usually does: a browser that stalls holds up all others, which the relay does not let happen.
 */
@RestController
class ComparedController {

    /** What goes to the browser, as of the relay. */
    record Token(String text) {}

    private final Upstream upstream;

    ComparedController(Upstream upstream) {
        this.upstream = upstream;
    }

    /** The floor: the provider's bytes. */
    @GetMapping("/floor")
    ResponseEntity<ResponseBodyEmitter> floor(@RequestParam String prompt) {
        ResponseBodyEmitter emitter = new ResponseBodyEmitter(0L);
        relay(emitter, upstream.bytes(prompt).map(ComparedController::take), MediaType.APPLICATION_OCTET_STREAM);
        return ResponseEntity.ok().contentType(MediaType.TEXT_EVENT_STREAM).body(emitter);
    }

    @GetMapping("/webclient")
    SseEmitter byHand(@RequestParam String prompt) {
        SseEmitter emitter = new SseEmitter(0L);
        relay(emitter, upstream.text(prompt).map(Token::new), MediaType.APPLICATION_JSON);
        return emitter;
    }

    private static byte[] take(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static void relay(ResponseBodyEmitter emitter, Flux<?> answer, MediaType type) {
        answer.subscribe(
                piece -> {
                    try {
                        emitter.send(piece, type);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                emitter::completeWithError,
                emitter::complete);
    }
}
