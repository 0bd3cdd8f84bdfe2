package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent.Raw;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ToolCall;
import dev.aistream.json.JsonSyntaxException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that follow the documentation more or less: what is of another type is nothing, and nothing else is lost. */
class OpenAiToleranceTests {

    private static final String HI = "\"content\":\"hi\"";

    private static String choice(String members) {
        return "data: {\"choices\":[{" + members + "}]}\n\n";
    }

    private static String delta(String members) {
        return choice("\"index\":0,\"delta\":{" + members + "}");
    }

    private static Decoded decode(String... events) {
        return Decoded.of(String.join("", events) + "data: [DONE]\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":null,\"model\":\"m\"}\n\n",
                "data: {\"choices\":{\"delta\":{\"content\":\"no\"}},\"model\":\"m\"}\n\n",
                "data: {\"choices\":[null,\"no\",7]}\n\n",
                "data: {\"choices\":[{\"delta\":null,\"index\":null}]}\n\n",
                "data: {\"choices\":[{\"delta\":\"no\",\"index\":\"1\"}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":7,\"role\":null,\"refusal\":{\"a\":1},\"tool_calls\":\"no\"}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[null,7,[]],\"function_call\":\"no\"}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":\"no\"}]}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"null\",\"function\":{\"arguments\":7,\"x\":1}}]}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":[7,null,{\"type\":\"text\",\"text\":\"\"}]}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"refusal\",\"refusal\":\"\"}]}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[7,{\"x\":1}]}]}}]}\n\n",
                "data: {\"obfuscation\":7,\"choices\":[]}\n\n"
            })
    void whatIsOfAnotherTypeIsNothing(String event) {
        for (String stream : List.of(event + delta(HI), delta(HI) + event)) {
            Decoded decoded = decode(stream, delta("\"content\":\" there\""));

            assertThat(decoded.failure()).isNull();
            assertThat(decoded.text()).isEqualTo("hi there");
            assertThat(decoded.reasoning()).isEmpty();
            assertThat(decoded.toolCalls()).isEmpty();
            assertThat(decoded.refusal()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"content\":{\"text\":\"a\"} | a | `` | ``",
                "\"content\":[\"a\",{\"text\":\"b\"},{\"type\":\"output_text\",\"text\":\"c\"}] | abc | `` | ``",
                "\"content\":[{\"type\":\"reasoning\",\"text\":\"r\"},\"a\",\"b\"] | ab | r | ``",
                "\"content\":[{\"type\":\"thinking\",\"thinking\":\"r\"}] | `` | r | ``",
                "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"text\":\"r\"},{\"text\":\"\"},{\"text\":\"s\"}]}] | `` | rs | ``",
                "\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"refusal\",\"refusal\":\"no\"}] | a | `` | no",
                "\"content\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"r\",\"signature\":\"\"}]}] | `` | r | ``",
                "\"reasoning\":\"r\",\"reasoning_content\":\"r\",\"content\":\"a\" | a | r | ``",
                "\"reasoning_content\":{\"text\":\"r\"},\"content\":\"a\" | a | r | ``"
            })
    void contentComesInManyForms(String members, String text, String reasoning, String refusal) {
        Decoded decoded = decode(delta(members), delta(members));

        assertThat(decoded.text()).isEqualTo(text.repeat(2));
        assertThat(decoded.reasoning()).isEqualTo(reasoning.repeat(2));
        assertThat(decoded.refusal()).isEqualTo(refusal.isEmpty() ? null : refusal.repeat(2));
    }

    @Test
    void aSignatureWithoutAWordIsKept() {
        Decoded part = decode(
                delta(
                        "\"content\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"\",\"signature\":\"c2ln\"}]}]"));
        Decoded field = decode(
                delta("\"reasoning_content\":{\"text\":\"I nee\"}"),
                delta("\"reasoning_content\":{\"text\":\"d to\"}"),
                delta("\"reasoning_content\":{\"text\":\"\",\"signature\":\"c2ln\"}"));

        assertThat(part.each(Raw.class)).extracting(Raw::type).containsExactly("reasoning");
        assertThat(field.reasoning()).isEqualTo("I need to");
        assertThat(field.end().metadata())
                .isEqualTo(Map.of("reasoning_content", Map.of("text", "", "signature", "c2ln")));
    }

    @Test
    void aPartOfReasoningThatIsEmptyIsNothing() {
        Decoded decoded = decode(
                delta(
                        "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"\"}],\"closed\":true,\"x\":\"\"}]"));

        assertThat(decoded.each(Raw.class)).isEmpty();
    }

    @Test
    void listsWithNothingButSpaceInThemAreNothing() {
        Decoded decoded = decode(
                delta(HI + ",\"annotations\":[ ]"),
                delta(HI + ",\"annotations\":[1]"),
                delta(HI + ",\"annotations\":[ ]"),
                "data: {\"choices\":[],\"model\":\"m\",\"error\":[ ]}\n\n");

        assertThat(decoded.failure()).isNull();
        assertThat(decoded.end().metadata()).isEqualTo(Map.of("annotations", List.of(1L)));
    }

    @Test
    void aFinishReasonThatIsTheWordNullIsNone() {
        Decoded decoded = Decoded.of(choice("\"delta\":{" + HI + "},\"finish_reason\":\"null\""));

        assertThat(decoded.chatFailure().kind()).isEqualTo(Kind.INTERRUPTED);
    }

    @Test
    void aLoneHalfOfAPairEndsTheRefusal() {
        Decoded decoded = decode(delta("\"refusal\":\"no \\ud83d\""));

        assertThat(decoded.each(Refusal.class)).extracting(Refusal::text).containsExactly("no ", "\ud83d");
        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void anAnswerOfCallsWithoutAReasonEndsForThem() {
        Decoded decoded = decode(delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]"));

        assertThat(decoded.end().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(decoded.end().rawFinishReason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tool_calls\":{\"id\":7,\"function\":{\"name\":\"f\",\"arguments\":[1,2]}}",
                "\"tool_calls\":[{\"index\":null,\"id\":7,\"function\":{\"name\":\"f\",\"arguments\":[1,2]}}]",
                "\"tool_calls\":[{\"id\":7,\"function\":{\"name\":\"f\",\"arguments\":[1,2]},\"custom\":null}]",
                "\"tool_calls\":[{\"index\":\"0\",\"id\":\"7\",\"function\":{\"arguments\":\"[1,2]\",\"name\":\"f\"}}]"
            })
    void callsComeInManyForms(String members) {
        assertThat(decode(delta(members)).toolCalls()).containsExactly(new ToolCall("7", "f", "[1,2]"));
    }

    @Test
    void aCallKnownByItsIdGoesOnWithoutIndex() {
        String call = "\"tool_calls\":[{%s\"function\":{%s}}]";
        Decoded decoded = decode(
                delta(call.formatted("\"id\":\"a\",", "\"name\":\"f\",\"arguments\":\"[1\"")),
                delta(call.formatted("\"id\":\"b\",", "\"name\":\"g\",\"arguments\":\"[2\"")),
                delta(call.formatted("\"id\":\"a\",\"index\":3,", "\"arguments\":\",3\"")),
                delta(call.formatted("\"id\":\"a\",", "\"arguments\":\"]\"")),
                delta(call.formatted("", "\"arguments\":\"]\"")));

        assertThat(decoded.toolCalls()).containsExactly(new ToolCall("a", "f", "[1,3]"), new ToolCall("b", "g", "[2]"));
    }

    @Test
    void idsUsedAgainAreToldApart() {
        String call = delta(
                "\"tool_calls\":[{\"index\":%d,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]");
        Decoded decoded = decode(call.formatted(0), call.formatted(1), call.formatted(2));

        assertThat(decoded.toolCalls()).extracting(ToolCall::id).containsExactly("a", "a_2", "a_3");
    }

    @Test
    void argumentsWaitForTheirNameOnlySoLong() {
        String fragment = delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\""
                + "1".repeat(1000) + "\"}}]");

        assertThat(decode(fragment.repeat(60)).toolCalls()).hasSize(1);
        assertThat(decode(fragment.repeat(70)).chatFailure()).hasMessageContaining("no name");
    }

    @Test
    void argumentsWaitForTheirIdOnlySoLong() {
        String fragment = delta("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\""
                + "1".repeat(1000) + "\"}}]");
        String id = delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{}}]");

        assertThat(decode(fragment.repeat(60).replace("\"name\":\"f\",", ""), id)
                        .toolCalls())
                .hasSize(1);
        Decoded late =
                Decoded.of(delta("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"[\"}}]")
                        + fragment.replace("\"name\":\"f\",", "").repeat(70));
        assertThat(late.toolCalls())
                .hasSize(1)
                .allMatch(call -> call.arguments().length() > 64 * 1024);
    }

    @Test
    void anEventThatGoesOnBehindItsObjectIsMalformed() {
        Decoded decoded = Decoded.of(delta(HI) + "data: {\"choices\":[]} {}\n\n");

        assertThat(decoded.failure()).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void rawEventsHaveTheNameThatTheStreamGivesThem() {
        String body = "event: news\n" + delta(HI) + delta(HI) + "data: [DONE]\n\n";
        Decoded decoded = Decoded.cut(Decoded.decoder(true), body.getBytes(), body.length());

        assertThat(decoded.each(Raw.class)).extracting(Raw::type).startsWith("news", "");
    }

    @Test
    void fieldsThatChangeKeepTheirLastValueHoweverManyThereAre() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            many.append(",\"field_").append(i).append("\":%d");
        }
        String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]" + many + "}\n\n";
        Decoded decoded = decode(
                event.replace("%d", "1"),
                event.replace("%d", "1"),
                event.replace("%d", "22"),
                event.replace("%d", "\"\""));

        assertThat(decoded.text()).isEqualTo("aaaa");
        assertThat(decoded.end().metadata())
                .hasSize(40)
                .allSatisfy(
                        (name, value) -> assertThat(((Number) value).intValue()).isEqualTo(22));
    }

    @Test
    void metadataIsBounded() {
        String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"%s\":\""
                + "x".repeat(900_000) + "\"}\n\n";
        StringBuilder body = new StringBuilder();
        for (String name : List.of("a", "b", "c", "d", "d", "e")) {
            body.append(event.formatted(name));
        }
        Map<String, ?> metadata = decode(body.toString()).end().metadata();

        assertThat(metadata).containsOnlyKeys("a", "b", "c", "d", MetadataCollector.OMITTED);
        assertThat(metadata.get(MetadataCollector.OMITTED)).isEqualTo(List.of("e"));
    }

    @Test
    void usageWithoutATotalHasTheSum() {
        String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9}}\n\n";

        assertThat(decode(delta(HI), usage).end().usage().totalTokens()).isEqualTo(12);
        assertThat(decode(delta(HI), usage.replace(",\"completion_tokens\":9", ""))
                        .end()
                        .usage()
                        .totalTokens())
                .isNull();
        assertThat(decode(delta(HI), usage.replace("\"prompt_tokens\":3,", ""))
                        .end()
                        .usage()
                        .totalTokens())
                .isNull();
    }
}
