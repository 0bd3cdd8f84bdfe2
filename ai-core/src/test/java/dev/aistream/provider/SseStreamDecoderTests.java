package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ResponseHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseStreamDecoderTests {

    private static final ResponseHead HEAD =
            new ResponseHead(200, Map.of("Content-Type", List.of("application/json"), "x-request-id", List.of("r1")));

    private final List<String> events = new ArrayList<>();
    private boolean complete;
    private ChatException failure;

    private void read(String body, int size) {
        read(body, size, true);
    }

    /** The body has not ended. */
    private void readOn(String body, int size) {
        read(body, size, false);
    }

    private void read(String body, int size, boolean ended) {
        byte[] bytes = body.getBytes(UTF_8);
        events.clear();
        complete = false;
        failure = null;
        StreamDecoder decoder = new Recorder();
        ChatEventSink out = new ChatEventSink() {
            @Override
            public void next(ChatEvent event) {}

            @Override
            public void complete() {
                complete = true;
            }
        };
        try {
            for (int from = 0; from < bytes.length; from += size) {
                decoder.decode(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)), out);
            }
            if (ended) {
                decoder.end(out);
            }
        } catch (ChatException failed) {
            failure = failed;
        }
    }

    private final class Recorder extends SseStreamDecoder {

        private boolean done;

        Recorder() {
            super(HEAD, 16 * 1024);
        }

        @Override
        protected void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
            events.add(new String(data, offset, length, UTF_8));
            done |= isDone(data, offset, length);
        }

        @Override
        protected void onEnd(ChatEventSink out) {
            if (!done) {
                throw interrupted();
            }
            out.complete();
        }
    }

    private void assertProviderError(String message) {
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessage(message);
        assertThat(failure.requestId()).isEqualTo("r1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void handsOverEventsHoweverTheyAreCut(int size) {
        read("\uFEFF: hi\r\ndata: {\"a\":1}\r\n\r\nevent: x\r\ndata: zwei €\r\n\r\ndata: [DONE]\r\n\r\n", size);

        assertThat(events).containsExactly("{\"a\":1}", "zwei €", "[DONE]");
        assertThat(complete).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: [DONE]", "data:[DONE] \n", "data: {\"whole\":true}", "data: {\"a\":\ndata: 1}\n"})
    void lastEventWithoutBlankLineCountsIfItIsWhole(String last) {
        read("data: [DONE]\n\n" + last, 5);

        assertThat(events).hasSize(2);
    }

    @Test
    void eventWithoutDataIsNothing() {
        read("event: ping\ndata:\n\ndata\n\ndata: \t\ndata:\n\ndata: [DONE]\n\n", 3);

        assertThat(events).containsExactly("[DONE]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {\"cut\":", "data: tex", "data: [DON", "data", "dat", "event: x"})
    void lastEventThatIsCutDoesNot(String last) {
        read("data: [DONE]\n\n" + last, 5);

        assertThat(events).hasSize(1);
        assertThat(complete).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void errorLineIsTheProvidersError(int size) {
        read("data: {}\n\nerror: {\"code\":500,\"message\":\"out of memory\"}\n\n", size);

        assertThat(events).hasSize(1);
        assertProviderError("out of memory");
    }

    @Test
    void errorLineOfPlainTextIsItsMessage() {
        read("data: {}\n\nerror: out of memory\n\n", 1000);

        assertProviderError("out of memory");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void bareJsonOverSeveralLinesIsTheProvidersError(int size) {
        read(
                "data: {}\n\n{\n  \"error\": {\n\n    \"message\": \"braces } in ] \\\" text\",\n    \"code\": 503\n  }\n}\n",
                size);

        assertProviderError("braces } in ] \" text");
        assertThat(failure.status()).isEqualTo(503);
    }

    @Test
    void bareJsonInAnArrayWithoutLineEndIsTheProvidersError() {
        read("[{\"error\":{\"message\":\"no\",\"code\":503}}]", 10);

        assertProviderError("no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"no }\"}}",
                "[{\"error\":{\"message\":\"no }\"}}]",
                "data: {}\n\n{\"error\":{\n\"message\":\"no }\"}}",
                "data: {}\n\nerror: {\"message\":\"no }\"}"
            })
    void errorWithoutLineEndIsToldWithItsLastBracket(String body) {
        for (int size : new int[] {1, 7, 1000}) {
            readOn(body.substring(0, body.length() - 1), size);
            assertThat(failure).isNull();
            for (String rest : List.of("", " ", " and so on\n", "\n\n{\"error\":{\"message\":\"another\"}}\n")) {
                readOn(body + rest, size);
                assertProviderError("no }");
            }
        }
    }

    @Test
    void errorBehindOtherWordsOfItsLineIsNone() {
        readOn("data: {}\n\n{\"progress\":1} {\"error\":{\"message\":\"no\"}}", 1000);

        assertThat(failure).isNull();
    }

    @Test
    void otherBareJsonIsPassedOver() {
        read("{\"progress\":1}\ndata: a\n\n[1,\n2]\n{ not json }\ndata: [DONE]\n\n", 1000);

        assertThat(events).containsExactly("a", "[DONE]");
        assertThat(complete).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"choices\":[]}", "<html></html>", "Service Unavailable", "\n\n\n", "{\"error\":null}", "{\"er"
            })
    void bodyThatIsNoEventStreamIsSaidToBeNone(String body) {
        read(body, 1000);

        assertThat(failure.kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
        assertThat(failure).hasMessageContaining("application/json");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void emptyBodyIsSaidToBeNone() {
        read("", 1000);

        assertThat(failure.kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
        assertThat(failure).hasMessageContaining("no body");
    }

    @Test
    void foreignBodyIsGivenUpAfterSixteenKibibytes() {
        read("<p>\n".repeat(100_000), 1000);

        assertThat(failure.kind()).isEqualTo(Kind.NOT_EVENT_STREAM);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 1 << 20})
    void foreignBeginningIsMeasuredHoweverItIsCut(int size) {
        read("<p>\n".repeat(4 * 1024) + "data: [DONE]\n\n", size);
        assertThat(failure.kind()).isEqualTo(Kind.NOT_EVENT_STREAM);

        read("<p>\n".repeat(4 * 1024 - 4) + "data: [DONE]\n\n", size);
        assertThat(complete).isTrue();
    }

    @Test
    void longFirstLineOfAnEventStreamIsNoForeignBody() {
        read("data: " + "x".repeat(16_300) + "\n" + ":" + "x".repeat(100_000) + "\n\ndata: [DONE]\n\n", 1000);

        assertThat(failure).isNull();
        assertThat(events).hasSize(2);
    }

    @Test
    void commentsAloneAreInterrupted() {
        read(": ping\n\n: ping\n\n", 1000);

        assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void manyLinesOfBareJsonTakeLinearTime() {
        read("data: a\n\n" + "{\n}\n".repeat(200_000) + "[\n".repeat(200_000), 8192);

        assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
    }
}
