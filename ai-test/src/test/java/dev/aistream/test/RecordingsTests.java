package dev.aistream.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTests {

    @TempDir
    Path folder;

    @Test
    void findsEveryRecordingAndNothingElse() throws IOException {
        file("a/one.sse", "data: {}\n\n");
        file("a/one.request.json", "{}");
        file("a/one.chunks.json", "[4,6]");
        file("b/two.ndjson", "{}\n");
        file("b/three.chunks.txt", "{}");
        file("c/four.json-array.json", "[]");
        file("c/refusal.txt", "{\"error\":{\"code\":403}}");
        file("c/notes.txt", "no recording");
        file("README.md", "# no recording");
        file("EXPECTED.json", "{\"c/refusal.txt\":{\"api\":\"gemini\"},\"b/two.ndjson\":{\"api\":null}}");
        assertThat(all())
                .extracting(Recording::name)
                .containsExactly(
                        "a/one.sse", "b/three.chunks.txt", "b/two.ndjson", "c/four.json-array.json", "c/refusal.txt");
        Recording one = all().get(0);
        assertThat(one.provider()).isEqualTo("a");
        assertThat(one.request()).isEqualTo("{}");
        assertThat(one.readSizes()).containsExactly(4, 6);
        assertThat(one.expected()).isNull();
        assertThat(one.api()).isNull();
    }

    @Test
    void refusalsHaveTheStatusThatTheyTellOf() throws IOException {
        file("x/a.json", "{\"error\":{\"code\":\"model_not_found\"}}");
        file("x/b.json", "{\"error\":{\"code\":429}}");
        file("x/c.json", "{\"error\":{\"code\":null,\"message\":\"no\"}}");
        file("x/d.json", "{\"choices\":[]}");
        file("x/e.json-array.json", "[{\"error\":{\"code\":503}}]");
        file("x/f.sse", "data: {\"error\":{\"code\":503}}\n\n");
        assertThat(all()).extracting(Recording::status).containsExactly(404, 429, 400, 200, 200, 200);
    }

    @Test
    void linesBecomeEventsOfTheirFormat() throws IOException {
        file("x/chat.chunks.txt", "{\"object\":\"chat.completion.chunk\"}\n\n{}\n");
        file("x/messages.chunks.txt", "{\"type\":\"message_start\"}\n");
        file("x/responses.chunks.txt", "{\"type\":\"response.created\"}\n");
        assertThat(all())
                .extracting(recording -> new String(recording.body(), UTF_8))
                .containsExactly(
                        "data: {\"object\":\"chat.completion.chunk\"}\n\ndata: {}\n\ndata: [DONE]\n\n",
                        "event: message_start\ndata: {\"type\":\"message_start\"}\n\n",
                        "data: {\"type\":\"response.created\"}\n\n");
    }

    @Test
    void whatTheReaderDidNotLookAtIsNotCompared() throws IOException {
        file("x/a.sse", "data: {}\n\n");
        file("EXPECTED.json", "{\"x/a.sse\":{\"api\":\"chat\",\"finish\":\"stop\"}}");
        assertThat(all().get(0).differences(whole("anything", Map.of("n", 1)))).isEmpty();
    }

    @Test
    void everyDifferenceIsTold() throws IOException {
        file("x/a.sse", "data: {}\n\n");
        file(
                "EXPECTED.json",
                "{\"x/a.sse\":{\"api\":\"chat\",\"finish\":\"length\",\"textChars\":3,\"textSha256\":\"ba7816bf8f01cfea\","
                        + "\"toolCalls\":[{\"id\":\"a\",\"name\":\"b\",\"args\":\"{}\"}],\"usage\":{\"n\":1.0},"
                        + "\"error\":null}}");
        Recording recording = all().get(0);
        assertThat(recording.differences(whole("abc", Map.of("n", 1))))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("tool calls"))
                .anyMatch(line -> line.startsWith("finish"));
        assertThat(recording.differences(whole("abd", Map.of("n", 2))))
                .anyMatch(line -> line.startsWith("text"))
                .anyMatch(line -> line.startsWith("usage"));
        assertThat(recording.differences(Transcript.of(List.of(), failure())))
                .anyMatch(line -> line.startsWith("did not complete"));
    }

    @Test
    void completionWithoutASignalIsADifference() throws IOException {
        file("x/a.sse", "data: {}\n\n");
        file("EXPECTED.json", "{\"x/a.sse\":{\"finish\":null,\"doneMarker\":false}}");
        assertThat(all().get(0).differences(whole("", null))).hasSize(1);
        assertThat(all().get(0).differences(Transcript.of(List.of(), failure())))
                .isEmpty();
    }

    @Test
    void breachesOfTheRulesAreTold() {
        List<ChatEvent> events = List.of(
                new ChatEvent.TextDelta("t", "early"),
                start(),
                start(),
                new ChatEvent.TextStart("t"),
                new ChatEvent.TextDelta("t", "\ud83d"),
                new ChatEvent.TextDelta("t", "\ude00"),
                new ChatEvent.TextDelta("t", ""),
                end(null),
                new ChatEvent.TextEnd("t", Map.of()),
                new ChatEvent.TextEnd("u", Map.of()));
        assertThat(Transcript.of(events, null).violations())
                .anyMatch(line -> line.endsWith("before ResponseStart"))
                .contains("a second ResponseStart")
                .anyMatch(line -> line.contains("cut a surrogate pair"))
                .anyMatch(line -> line.startsWith("an empty fragment"))
                .anyMatch(line -> line.endsWith("after ResponseEnd"))
                .anyMatch(line -> line.contains("text u, which is not open"));
        assertThat(Transcript.of(List.of(start()), null).violations()).containsExactly("completed without ResponseEnd");
        assertThat(Transcript.of(List.of(), new IllegalStateException()).violations())
                .singleElement()
                .asString()
                .contains("not with ChatException");
    }

    @Test
    void missingFolderIsAnErrorOfTheOneWhoNamesIt() {
        assertThatThrownBy(() -> Recordings.in(folder.resolve("nowhere"))).hasMessageContaining("nowhere");
    }

    private List<Recording> all() {
        return Recordings.in(folder).all();
    }

    private void file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static Transcript whole(String text, @Nullable Map<String, ?> usage) {
        List<ChatEvent> events = new ArrayList<>(List.of(start()));
        if (!text.isEmpty()) {
            events.add(new ChatEvent.TextStart("t"));
            events.add(new ChatEvent.TextDelta("t", text));
            events.add(new ChatEvent.TextEnd("t", Map.of()));
        }
        events.add(end(usage));
        return Transcript.of(events, null);
    }

    private static ChatEvent start() {
        return new ChatEvent.ResponseStart("id", "model", "provider", List.of(), null);
    }

    private static ChatEvent end(@Nullable Map<String, ?> usage) {
        return new ChatEvent.ResponseEnd(
                FinishReason.STOP,
                "stop",
                usage == null ? null : new Usage(null, null, null, null, null, null, usage),
                Map.of());
    }

    private static ChatException failure() {
        return ChatException.builder(ChatException.Kind.INTERRUPTED, "cut").build();
    }
}
