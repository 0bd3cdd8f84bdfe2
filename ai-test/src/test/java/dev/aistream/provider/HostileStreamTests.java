package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException.Kind;
import dev.aistream.test.Script;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Streams made to exhaust memory or time end in a typed error, or turn out to be healthy. */
class HostileStreamTests extends ProviderTestKit {

    private static Script flood(long chunks, LongFunction<String> chunk) {
        return Script.eventStream().event("hello").chunks(chunks, chunk);
    }

    private static Script whole(Script script) {
        return script.chunk("\n\n").event("[DONE]").end();
    }

    private void assertHealthy(Script script) {
        server.enqueue(script);
        Outcome outcome = read(stream());
        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.complete()).isTrue();
    }

    private void assertTooLong(Script script, String property) {
        server.enqueue(script);
        Outcome outcome = read(stream());
        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.failure().kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(outcome.failure()).hasMessageContaining(property);
        server.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void aMillionEmptyLinesAreNothing() {
        assertHealthy(whole(flood(100, i -> "\n".repeat(10_000))));
    }

    @Test
    void aMillionCommentsAreNothing() {
        assertHealthy(whole(flood(100, i -> ":\n".repeat(10_000))));
    }

    @Test
    void aCommentOfManyMegabytesIsNothing() {
        assertHealthy(whole(flood(1, i -> ":").chunks(1000, i -> "x".repeat(32 * 1024))));
    }

    @Test
    void anEndlessLineIsTooLong() {
        assertTooLong(flood(1, i -> "data: ").endlessChunks(i -> "x".repeat(32 * 1024)), "max-line-length");
    }

    @Test
    void anEventOfAMillionShortLinesIsTooLong() {
        assertTooLong(flood(1000, i -> "data: x\n".repeat(1000)), "max-event-length");
    }

    @Test
    void deepJsonIsMalformed() {
        server.enqueue(flood(1, i -> "data: {\"a\":" + "[".repeat(10_000) + "\n\n"));

        Outcome outcome = read(stream());

        assertThat(outcome.text()).isEqualTo("hello");
        assertThat(outcome.failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void aByteInEachHttpChunkIsAHealthyStream() {
        String body = "data: hello\n\ndata: [DONE]\n\n";
        server.enqueue(Script.eventStream()
                .chunks(body.length(), i -> body.substring((int) i, (int) i + 1))
                .end());

        assertThat(read(stream()).text()).isEqualTo("hello");
    }
}
