package dev.aistream.samples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.test.StepVerifier;

/** The chapter's examples against a server that speaks OpenAI's protocol. */
class ChapterExamplesTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static ScriptedServer provider;
    private static ConfigurableApplicationContext application;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private ChapterExamples examples;
    private int asked;

    /** The starter alone: none of the sample's own beans. */
    @SpringBootApplication(scanBasePackages = "no.such.scan")
    static class Application {}

    @BeforeAll
    static void start() {
        provider = ScriptedServer.start();
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run("--ai.openai.base-url=" + provider.uri() + "/v1", "--ai.openai.max-retries=0");
    }

    @AfterAll
    static void stop() {
        application.close();
        provider.close();
    }

    @BeforeEach
    void examples() {
        asked = provider.requestCount();
        examples = new ChapterExamples(
                application.getBean(AiStreamingTemplate.class), new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void oneQuestionEach() {
        assertThat(provider.requestCount()).isEqualTo(asked + 1);
    }

    private static Script answer(String... fragments) {
        Script script = Script.eventStream();
        for (String fragment : fragments) {
            script = script.event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + fragment + "\"}}]}");
        }
        return script;
    }

    private static Script whole(String... fragments) {
        return answer(fragments)
                .event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
                .event("[DONE]")
                .end();
    }

    @Test
    void basicStreamsTheFragments() {
        provider.enqueue(whole("A robot", " paints"));

        StepVerifier.create(examples.basic())
                .expectNext("A robot", " paints")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void blockingPrintsTheFragments() {
        provider.enqueue(whole("Token", " by token"));

        examples.blocking();

        assertThat(printed).hasToString("Token by token");
    }

    @Test
    void systemMessageIsSentBeforeThePrompt() {
        provider.enqueue(whole("Fair, sir"));

        assertThat(examples.systemMessage().response().block(SOON).text()).isEqualTo("Fair, sir");
        List<?> sent = provider.exchanges();
        assertThat(provider.exchanges().get(sent.size() - 1).body())
                .containsSubsequence("\"role\":\"system\"", "Shakespeare", "\"role\":\"user\"", "weather today");
    }

    @Test
    void collectingJoinsTheText() {
        provider.enqueue(whole("Bugs", " fall", " like leaves"));

        StepVerifier.create(examples.collecting())
                .expectNext("Bugs fall like leaves")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void optionsAreSent() {
        provider.enqueue(whole("Sunny"));

        assertThat(examples.everyOption().response().block(SOON).text()).isEqualTo("Sunny");
        assertThat(provider.exchanges().get(asked).body()).contains("\"weather\"", "\"temperature\":0.2");
    }

    @Test
    void eventsTellHowItEnded() {
        provider.enqueue(whole("Events"));

        StepVerifier.create(examples.events().reduce(String::concat))
                .expectNext("Events [STOP]")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void aFailureAtTheStartIsToldBeforeAnyText() {
        provider.enqueue(Script.json(401, "{\"error\":{\"message\":\"Incorrect API key\"}}"));

        StepVerifier.create(examples.failureAtStart()).expectError().verify(SOON);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Failed to start streaming: HTTP_STATUS");
    }

    @Test
    void aFailureMidwayFollowsTheTextSoFar() {
        provider.enqueue(answer("Why did the").reset());

        StepVerifier.create(examples.failureMidway())
                .expectNext("Why did the")
                .expectNextMatches(told -> told.startsWith(" [cut: INTERRUPTED"))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void linesAreJoinedAcrossFragments() {
        provider.enqueue(whole("Ja", "va\\nKo", "tlin\\n\\nScala"));

        StepVerifier.create(examples.lines())
                .expectNext("Language: Java", "Language: Kotlin", "Language: Scala")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void theConsolePrintsTheAnswer() throws Exception {
        provider.enqueue(whole("Hello", " there"));

        ConsoleApplication.print(
                application.getBean(AiStreamingTemplate.class),
                "Hi",
                new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("Hello there" + System.lineSeparator());
    }
}
