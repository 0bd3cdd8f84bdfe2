package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.FinishReason;
import dev.aistream.json.JsonSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers do in place of going on, in every form seen. */
class OpenAiStreamErrorTests {

    @Test
    void aBodyThatEndsEarlyIsInterrupted() {
        Decoded decoded = Decoded.stream("interrupted.sse");

        assertThat(decoded.text()).isEqualTo("Hel");
        assertThat(decoded.chatFailure().kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(decoded.completed()).isFalse();
    }

    @Test
    void brokenJsonFailsAfterWhatCameBefore() {
        Decoded decoded = Decoded.stream("malformed.sse");

        assertThat(decoded.text()).isEqualTo("Hel");
        assertThat(decoded.failure()).isInstanceOf(JsonSyntaxException.class);
        assertThat(decoded.completed()).isFalse();
    }

    @Test
    void anErrorInTheFirstEventComesAloneSoThatTheCallCanBeRepeated() {
        Decoded decoded = Decoded.stream("error-first.sse");

        assertThat(decoded.events()).isEmpty();
        ChatException failure = decoded.chatFailure();
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure.type()).isEqualTo("requests");
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.getMessage()).contains("Rate limit reached");
    }

    @ParameterizedTest
    @CsvSource({
        "error-midway.sse, Overloaded, ",
        "error-event.sse, Tool call failed, tool_use_failed",
        "error-event-text.sse, upstream gone, ",
        "error-finish-reason.sse, Upstream idle, server_error",
        "error-in-choice.sse, Slow down, 429",
        "error-flat.sse, Too long, 400",
        "error-string.sse, model not loaded, ",
        "error-line.sse, failed to decode, ",
    })
    void anErrorInAnyFormEndsTheStream(String stream, String message, String code) {
        Decoded decoded = Decoded.stream(stream);

        assertThat(decoded.text()).isEqualTo("Hel");
        assertThat(decoded.completed()).isFalse();
        ChatException failure = decoded.chatFailure();
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure.getMessage()).contains(message);
        assertThat(failure.code()).isEqualTo(code);
    }

    @Test
    void whatCameWithTheErrorIsNotLost() {
        Decoded decoded = Decoded.stream("error-with-choices.sse");

        assertThat(decoded.reasoning()).isEqualTo("Hm");
        assertThat(decoded.text()).isEqualTo("!");
        ChatException failure = decoded.chatFailure();
        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.partial().rawFinishReason()).isEqualTo("length");
        assertThat(failure.partial().finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(failure.partial().usage().totalTokens()).isEqualTo(5L);
    }

    @Test
    void aMessageWithTheCodeOfAFailureIsAnError() {
        Decoded decoded = Decoded.of("""
                data: {"choices":[{"delta":{"content":"Hel"}}]}

                data: {"code":20012,"message":"Model does not exist","data":null}

                """);

        assertThat(decoded.chatFailure()).hasMessage("Model does not exist");
        assertThat(decoded.chatFailure().kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(decoded.chatFailure().code()).isEqualTo("20012");
    }

    @Test
    void anErrorThatIsNullOrEmptyIsNone() {
        Decoded decoded = Decoded.stream("error-null.sse");

        assertThat(decoded.failure()).isNull();
        assertThat(decoded.text()).isEqualTo("Hello");
    }
}
