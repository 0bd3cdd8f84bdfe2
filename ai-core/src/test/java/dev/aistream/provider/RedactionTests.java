package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTests {

    private static String clean(ProviderCall.Builder call, String text) {
        return Redaction.of(call.decoder(head -> new LetterDecoder()).build()).message(text);
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
                                + "[second\\nquestion] [It rains in Berlin]"))
                .isEqualTo("[[removed]] [[removed]] [[removed]] [[removed]] [[removed]] [[removed]]");
    }

    private static final String PROMPT =
            "Dear doctor,\n\nI have had a \"stabbing\" pain in my left knee since May; what is C:\\new\\knee.txt?";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Invalid content: 'Dear doctor,  I have had a "stab...' | Invalid content: '[removed]...'
                    near "a \\"stabbing\\" pain in my left" (line 3) | near "[removed]" (line 3)
                    {"input":"Dear doctor,\\n\\nI have had a"} | {"input":"[removed]"}
                    'in my left knee' is too common to be a quotation | 'in my left knee' is too common to be a quotation
                    'since May; what is C:\\\\new\\\\knee.txt' is no path | '[removed]' is no path
                    """)
    void removesWhatIsQuotedInPart(String told, String clean) {
        ChatRequest request =
                ChatRequest.builder().system("Be kind.").prompt(PROMPT).build();

        assertThat(clean(call().request(request), told)).isEqualTo(clean);
    }

    @Test
    void removesPartsOfTextsWithoutSpaces() {
        ChatRequest request =
                ChatRequest.builder().prompt("我的左膝从五月开始就一直刺痛，请问怎么办？").build();

        assertThat(clean(call().request(request), "输入“左膝从五月开始”无效: \\u4ece\\u4e94\\u6708\\u5f00\\u59cb\\u5c31"))
                .isEqualTo("输入“[removed]”无效: [removed]");
    }

    @Test
    void removesShortPromptsWhereTheyStandAlone() {
        ChatRequest request = ChatRequest.builder()
                .messages(
                        Message.user("Hi"),
                        Message.assistant("no"),
                        Message.user("你好"),
                        Message.user("a"),
                        Message.user("(x+y)"))
                .build();

        assertThat(clean(call().request(request), "'Hi', \"你好\" and (x+y) have no place in a History"))
                .isEqualTo("'[removed]', \"[removed]\" and [removed] have no place in a History");
    }

    @Test
    void leavesTheAdviceThatSharesWordsWithThePrompt() {
        ChatRequest request = ChatRequest.builder()
                .system("You answer questions about our model. The following tools may help you.")
                .prompt("Which model has the maximum number of tokens? Is gpt-4o deprecated?")
                .build();
        String told =
                "Invalid value for 'tools': the model gpt-4o takes a maximum of 128 tools, not 200 of the following";

        assertThat(clean(call().request(request), told)).isEqualTo(told);
    }

    @Test
    void leavesCodesThatThePromptAsksAbout() {
        Redaction redaction = Redaction.of(call().request(ChatRequest.builder()
                        .prompt("What does context_length_exceeded in messages[0].content mean?")
                        .build())
                .bearer("my-own-key-42")
                .decoder(head -> new LetterDecoder())
                .build());

        assertThat(redaction.name("context_length_exceeded")).isEqualTo("context_length_exceeded");
        assertThat(redaction.name("messages[0].content")).isEqualTo("messages[0].content");
        assertThat(redaction.name("my-own-key-42")).isEqualTo("[removed]");
        assertThat(redaction.name("What does context_length_exceeded mean")).isEqualTo("[removed] mean");
        assertThat(redaction.name(null)).isNull();
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
