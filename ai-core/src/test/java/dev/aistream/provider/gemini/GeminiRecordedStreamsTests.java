package dev.aistream.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.Json;
import dev.aistream.provider.Recordings;
import dev.aistream.provider.Recordings.Recording;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@EnabledIf("dev.aistream.provider.Recordings#exist")
class GeminiRecordedStreamsTests {

    static Stream<Recording> recordings() {
        return Stream.concat(
                Recordings.of("gemini").filter(recording -> recording.expected().has("events")),
                Stream.of(
                                "gemini/langchaingo__TestGoogleAIWithStreaming",
                                "gemini/llm-gemini__test_gemini__test_prompt__i0",
                                "gemini-vertex/req_llm_shelvick__gemini_2_5_pro__object_streaming")
                        .map(name -> Recordings.named(name + ".json-array.json")));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void decodesWhatTheProviderSaidByteByByteToo(Recording recording) {
        JsonNode expected = recording.expected();
        DecodedAnswer whole = DecodedAnswer.of(GeminiStreamDecoderTests.decoder(), recording.body());
        DecodedAnswer byByte = DecodedAnswer.of(GeminiStreamDecoderTests.decoder(), recording.body(), 1);

        assertThat(byByte.events()).usingRecursiveComparison().isEqualTo(whole.events());
        assertThat(whole.text().codePointCount(0, whole.text().length()))
                .isEqualTo(expected.path("textChars").asInt());
        assertThat(whole.reasoning().codePointCount(0, whole.reasoning().length()))
                .isEqualTo(expected.path("reasoningChars").asInt());
        String finish = expected.path("finish").asString("");
        assertThat(whole.completed()).isEqualTo(!finish.isEmpty() && !finish.startsWith("blocked:"));
    }

    @Test
    void putsRecordedPiecesOfArgumentsTogether() {
        DecodedAnswer answer =
                decode("google-stream-tool-call-array-arguments-missing-terminal-function-call.chunks.txt");

        assertThat((Object) Json.of(answer.toolCall().arguments())).isEqualTo(Json.of("""
                {"operations":[
                  {"action":"add","description":"Fresh red apple","itemid":"apple_001","price":0.5},
                  {"action":"add","description":"Ripe yellow banana","itemid":"banana_001","price":0.3}]}"""));
        assertThat(answer.toolCall().complete()).isTrue();
        assertThat(answer.toolCall().metadata()).containsOnlyKeys("thoughtSignature");
    }

    @Test
    void putsRecordedPiecesOfNestedArgumentsTogether() {
        JsonNode recipe = Json.of(decode("google-vertex-stream-tool-call-arguments-nested.1.chunks.txt")
                        .toolCall()
                        .arguments())
                .get("recipe");

        assertThat(recipe.at("/ingredients/0/name").asString()).isEqualTo("Lasagna noodles");
        assertThat(recipe.get("steps").size()).isEqualTo(10);
        assertThat(recipe.at("/steps/9").asString()).isEqualTo("Let stand for 15 minutes before serving.");
    }

    private static DecodedAnswer decode(String file) {
        Recording recording = Recordings.named("gemini/vercel-ai__" + file);
        return DecodedAnswer.of(GeminiStreamDecoderTests.decoder(), recording.body());
    }
}
