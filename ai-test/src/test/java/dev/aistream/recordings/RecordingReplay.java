package dev.aistream.recordings;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.CallPolicy;
import dev.aistream.ChatStream;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.test.InMemoryConnector;
import dev.aistream.test.Recording;
import dev.aistream.test.ScriptedServer;
import dev.aistream.test.Transcript;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Plays one recording to its provider's model in every way, and collects what is not as it should be. */
final class RecordingReplay {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RANDOM_CUTS = 4;
    private static final ChatRequest REQUEST =
            ChatRequest.builder().model("recorded").prompt("recorded").build();

    private final Recording recording;
    private final BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel> provider;
    private final Map<String, List<String>> waysByDifference = new LinkedHashMap<>();
    private final List<String> ways = new ArrayList<>();
    private List<ChatEvent> wholeEvents = List.of();

    RecordingReplay(Recording recording, BiFunction<ProviderHttpOptions, ProviderHttpClient, ChatModel> provider) {
        this.recording = recording;
        this.provider = provider;
    }

    /**
     * Plays it.
     * @return what is not as expected, and in which ways of playing; empty where all is exact
     */
    List<String> play(ScriptedServer server, ClientHttpConnector network, long seed) {
        byte[] body = recording.body();
        int[] sizes = recording.readSizes();
        record("whole", () -> overSocket(server, network));
        if (sizes != null) {
            record("recorded reads", () -> overSocket(server, network, sizes));
            record("recorded reads, exact", () -> inMemory(sizes));
        }
        int[] bytes = new int[body.length];
        Arrays.fill(bytes, 1);
        record("byte by byte", () -> inMemory(bytes));
        Random random = new Random(seed);
        for (int run = 0; run < RANDOM_CUTS; run++) {
            int[] cuts = cuts(body.length, random);
            record("random cuts " + run, () -> inMemory(cuts));
        }
        record("response()", this::folded);
        return waysByDifference.entrySet().stream()
                .map(found -> found.getKey() + (found.getValue().equals(ways) ? "" : " " + found.getValue()))
                .toList();
    }

    private void record(String way, Supplier<Transcript> replay) {
        ways.add(way);
        try {
            Transcript transcript = replay.get();
            recording.differences(transcript).forEach(found -> add(found, way));
            List<ChatEvent> events = afterStart(transcript);
            if (ways.size() == 1) {
                wholeEvents = events;
            } else if (!events.equals(wholeEvents)) {
                add("events differ from those of the replay as a whole", way);
            }
        } catch (RuntimeException | AssertionError e) {
            add(e.toString(), way);
        }
    }

    private void add(String difference, String way) {
        waysByDifference.computeIfAbsent(difference, found -> new ArrayList<>()).add(way);
    }

    private Transcript overSocket(ScriptedServer server, ClientHttpConnector network, int... sizes) {
        server.enqueue(recording.script(sizes));
        return Transcript.of(model(server.uri(), network).stream(REQUEST), AT_MOST);
    }

    private Transcript inMemory(int... sizes) {
        return Transcript.of(inMemoryModel(sizes).stream(REQUEST), AT_MOST);
    }

    /** Reads through the template, and holds what it folded against the events. */
    private Transcript folded() {
        try (AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(inMemoryModel(), CallPolicy.DEFAULT.withMaxRetries(0))
                .build()) {
            ChatStream stream = template.stream(REQUEST);
            Transcript transcript = Transcript.of(stream.events(), AT_MOST);
            ChatResponse response = stream.response()
                    .onErrorResume(ChatException.class, failure -> Mono.justOrEmpty(failure.partial()))
                    .block(AT_MOST);
            if (response != null && !says(response, transcript)) {
                throw new AssertionError("response() is not what the events say");
            }
            return transcript;
        }
    }

    private static boolean says(ChatResponse response, Transcript transcript) {
        return response.text().equals(transcript.text())
                && response.reasoning().equals(transcript.reasoning())
                && Objects.equals(response.refusal(), transcript.refusal())
                && response.toolCalls().equals(transcript.toolCalls());
    }

    private ChatModel inMemoryModel(int... sizes) {
        return model(URI.create("http://recorded"), InMemoryConnector.of(recording, sizes));
    }

    private ChatModel model(URI baseUrl, ClientHttpConnector connector) {
        return provider.apply(
                RecordedProviders.options(baseUrl), ProviderHttpClient.create(WebClient.builder(), connector));
    }

    private static int[] cuts(int length, Random random) {
        int most = 1 + random.nextInt(200);
        IntStream.Builder sizes = IntStream.builder();
        for (int left = length; left > most; ) {
            int size = 1 + random.nextInt(most);
            sizes.add(size);
            left -= size;
        }
        return sizes.build().toArray();
    }

    private static List<ChatEvent> afterStart(Transcript transcript) {
        List<ChatEvent> events = transcript.events();
        return events.isEmpty() ? events : events.subList(1, events.size());
    }
}
