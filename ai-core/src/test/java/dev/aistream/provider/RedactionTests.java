package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTests {

    private static String clean(ProviderCall.Builder call, String text) {
        return Redaction.of(call.decoder(head -> new LetterDecoder()).build()).clean(text);
    }

    private static ProviderCall.Builder call() {
        return ProviderCall.post(URI.create("https://provider/v1?key=query-secret"));
    }

    @Test
    void removesTheKeyWithAndWithoutItsScheme() {
        assertThat(clean(call().bearer("my-own-key-42"), "my-own-key-42 and Bearer my-own-key-42 are wrong"))
                .isEqualTo("[removed] and [removed] are wrong");
    }

    @Test
    void removesValuesOfHeadersButNotOfHarmlessOnes() {
        ProviderCall.Builder call = call().header("x-goog-api-key", "goog-secret")
                .header("anthropic-version", "2023-06-01")
                .options(ProviderHttpOptions.of(URI.create("https://provider"))
                        .withHeaders(Map.of("X-Tenant", "tenant-secret")));

        assertThat(clean(call, "goog-secret, tenant-secret, 2023-06-01, text/event-stream"))
                .isEqualTo("[removed], [removed], 2023-06-01, text/event-stream");
    }

    @Test
    void removesParametersOfTheQuery() {
        assertThat(clean(call(), "GET /v1?key=query-secret failed")).isEqualTo("GET /v1?key=[removed] failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-abc_DEF-123456",
                "sk-abcd**********wxyz",
                "gsk_abcdefgh1234",
                "xai-abcdefgh1234",
                "AIzaSyA1234567890",
                "Bearer eyJhbGciOi.J9.x_y-z"
            })
    void removesWhateverLooksLikeAKey(String key) {
        assertThat(clean(call(), "Incorrect API key provided: " + key + ", see the docs"))
                .isEqualTo("Incorrect API key provided: [removed], see the docs");
    }

    @Test
    void removesWhatWasSaid() {
        ChatRequest request = ChatRequest.builder()
                .system("You are a \"pirate\"")
                .messages(
                        Message.user("first question"),
                        Message.assistant("first answer"),
                        Message.user("second\nquestion"),
                        Message.toolResult(new ToolCall("1", "weather", "{}"), "It rains in Berlin"))
                .build();

        assertThat(clean(
                        call().request(request),
                        "[You are a \\\"pirate\\\"] [first question] [first answer] [second question] "
                                + "[second\\nquestion] [It rains in Berlin] [hi]"))
                .isEqualTo("[[removed]] [[removed]] [[removed]] [[removed]] [[removed]] [[removed]] [hi]");
    }

    @Test
    void keepsMessagesShort() {
        String clean = clean(call(), "x".repeat(499) + "😀".repeat(100_000));

        assertThat(clean).hasSizeLessThanOrEqualTo(Redaction.MAX_LENGTH).endsWith("…");
        assertThat(clean.codePoints().filter(point -> point >= 0xD800 && point <= 0xDFFF))
                .isEmpty();
    }

    @Test
    void leavesAnythingElseAsItIs() {
        assertThat(clean(call(), "Rate limit reached for gpt-4o in organization org-abc on tokens per min"))
                .isEqualTo("Rate limit reached for gpt-4o in organization org-abc on tokens per min");
    }
}
