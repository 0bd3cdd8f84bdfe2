package dev.aistream.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.test.RecordedAnswer;
import dev.aistream.test.Recording;
import dev.aistream.test.Recordings;
import dev.aistream.test.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.http.client.reactive.ClientHttpConnector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every recorded stream of a provider that there is a model for, played whole, in the recorded reads, byte by byte and
 * at random cuts ({@code -Drecordings.seed}), and held against what an independent reader found.
 *
 * <p>{@code -Drecordings=DIR} plays another folder. What is not exact fails, unless the reader is known to be wrong in
 * such cases, or {@code reviewed.json} says why it is wrong in this one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordingTests {

    private static final String SKIPPED =
            "recordings skipped: neither -Drecordings=DIR nor shared/recordings beside the repository";

    private final long seed = Long.getLong("recordings.seed", System.nanoTime());
    private final Map<String, String> reviewed = reviewed();
    private final Map<String, String> inexact = new TreeMap<>();
    private final List<String> notCovered = new ArrayList<>();
    private final ClientHttpConnector network = ProviderConnector.create().connector();
    private ScriptedServer server;
    private int played;

    @TestFactory
    Stream<DynamicTest> playsAsRecorded() {
        Optional<Recordings> recordings = Recordings.find();
        if (recordings.isEmpty()) {
            System.out.println(SKIPPED);
        }
        Assumptions.assumeTrue(recordings.isPresent(), SKIPPED);
        server = ScriptedServer.start();
        System.out.println("recordings of " + recordings.get().folder() + ", -Drecordings.seed=" + seed);
        return recordings.get().all().stream().flatMap(this::test);
    }

    @AfterAll
    void report() {
        if (server == null) {
            return;
        }
        server.close();
        System.out.println(played + " recordings, " + (played - inexact.size()) + " exact");
        inexact.forEach((name, why) -> System.out.println("not exact: " + name + ": " + why));
        if (!notCovered.isEmpty()) {
            System.out.println("not covered: " + String.join(", ", notCovered));
        }
    }

    private Stream<DynamicTest> test(Recording recording) {
        Optional<BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel>> provider =
                RecordedProviders.forApi(recording.api());
        if (provider.isEmpty()) {
            notCovered.add(recording.name() + " (" + (recording.api() == null ? "no API" : recording.api()) + ")");
            return Stream.empty();
        }
        return Stream.of(DynamicTest.dynamicTest(recording.name(), () -> play(recording, provider.get())));
    }

    private void play(Recording recording, BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel> provider) {
        played++;
        List<String> differences = differences(recording, provider);
        String reason = reviewed.get(recording.name());
        if (!differences.isEmpty()) {
            inexact.put(recording.name(), reason != null ? reason : String.join("; ", differences));
        }
        if (reason == null) {
            assertThat(differences).allMatch(found -> found.startsWith(RecordedAnswer.READERS_LIMIT));
        } else {
            assertThat(differences).as("exact now: take it off the list").isNotEmpty();
        }
    }

    private List<String> differences(
            Recording recording, BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel> provider) {
        try {
            return new RecordingReplay(recording, provider)
                    .play(server, network, seed + recording.name().hashCode());
        } catch (UncheckedIOException e) {
            return List.of("cannot be read: " + e.getCause());
        }
    }

    private static Map<String, String> reviewed() {
        try (InputStream list = RecordingTests.class.getResourceAsStream("/recordings/reviewed.json")) {
            Map<String, String> reasons = new TreeMap<>();
            JsonMapper.shared().readTree(list).forEachEntry((name, reason) -> reasons.put(name, reason.stringValue()));
            return reasons;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
