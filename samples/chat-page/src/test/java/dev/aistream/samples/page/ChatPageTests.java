package dev.aistream.samples.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** The running sample in a real browser; the provider is a server that writes what it is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ChatPageTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CHUNK = """
            {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,\
            "delta":{"content":"%s"},"finish_reason":null}]}""";
    private static final String FINISH = """
            {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,\
            "delta":{},"finish_reason":"stop"}]}""";

    private final List<Page> pages = new ArrayList<>();
    private @Nullable Browser browser;
    private @Nullable ScriptedServer provider;
    private @Nullable ConfigurableApplicationContext application;

    /** Starts the sample with these arguments, on a free port. */
    protected abstract ConfigurableApplicationContext start(String... arguments);

    @BeforeAll
    void startBrowser() {
        browser = Browser.launch();
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startProvider() {
        provider = ScriptedServer.start();
    }

    @AfterEach
    void stop() {
        pages.forEach(Page::close);
        pages.clear();
        if (application != null) {
            application.close();
        }
        provider.close();
    }

    @Test
    void showsTheRecordedAnswerExactlyAndBeforeItEnds() {
        RecordedAnswer recorded = RecordedAnswer.openAi();
        CountDownLatch goOn = new CountDownLatch(1);
        int half = recorded.sizes().length / 2;
        int[] first = Arrays.copyOf(recorded.sizes(), half);
        int cut = Arrays.stream(first).sum();
        byte[] head = Arrays.copyOf(recorded.body(), cut);
        byte[] tail = Arrays.copyOfRange(recorded.body(), cut, recorded.body().length);
        provider.enqueue(Script.eventStream()
                .chunks(head, first)
                .await(goOn)
                .chunks(tail, Arrays.copyOfRange(recorded.sizes(), half, recorded.sizes().length - 1))
                .end());
        Page page = openPage();

        ask(page, "Say hello");
        assertThat(answer(page)).not().hasText("");
        page.waitForFunction(
                "length => document.querySelector('.assistant .said').textContent.length >= length",
                recorded.text().length() / 4);
        String shown = answer(page).textContent();
        screenshot(page, "streaming");
        goOn.countDown();
        awaitIdle(page);

        assertThat(recorded.text()).startsWith(shown).isNotEqualTo(shown);
        assertThat(answer(page).textContent()).isEqualTo(recorded.text());
        assertThat(page.locator("#tokens")).hasText(String.valueOf(recorded.outputTokens()));
        assertThat(provider.requestCount()).isEqualTo(1);
        screenshot(page, "complete");
    }

    @Test
    void stopClosesTheProvidersConnection() {
        provider.enqueue(Script.eventStream().event(CHUNK.formatted("Once upon")));
        Page page = openPage();

        ask(page, "Tell me a story");
        assertThat(answer(page)).hasText("Once upon");
        page.locator("#stop").click();

        provider.takeExchange(SOON).awaitClientClosed(SOON);
        assertThat(page.locator(".note")).hasText("Stopped.");
        assertThat(answer(page)).hasText("Once upon");
    }

    @Test
    void escapeStops() {
        provider.enqueue(Script.eventStream().event(CHUNK.formatted("Once")));
        Page page = openPage();

        ask(page, "Tell me a story");
        assertThat(answer(page)).hasText("Once");
        page.keyboard().press("Escape");

        provider.takeExchange(SOON).awaitClientClosed(SOON);
    }

    @Test
    void aRateLimitShowsWhatHappenedAndCanBeTriedAgain() {
        provider.enqueue(
                Script.json(
                        429,
                        "{\"error\":{\"message\":\"Slow down, key sk-secret\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}",
                        "Retry-After: 7"),
                wholeAnswer("At last"));
        Page page = openPage();

        ask(page, "Hello");
        assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.ALERT))
                .containsText("7 s");
        assertThat(page.locator(".failure")).not().containsText("sk-secret");
        screenshot(page, "rate-limited");
        page.getByText("Try again", new Page.GetByTextOptions().setExact(true)).click();

        assertThat(answer(page)).hasText("At last");
    }

    @Test
    void aCutStreamShowsTheTextSoFarAndThatItIsCut() {
        provider.enqueue(Script.eventStream().event(CHUNK.formatted("Half an")).reset());
        Page page = openPage();

        ask(page, "Hello");

        assertThat(page.locator(".failure")).isVisible();
        assertThat(answer(page)).hasText("Half an");
        screenshot(page, "cut");
    }

    @Test
    void aFailureCanNoLongerBeTriedAgainOnceSomethingElseWasAsked() {
        provider.enqueue(Script.eventStream().event(CHUNK.formatted("Half an")).reset(), wholeAnswer("Whole"));
        Page page = openPage();

        ask(page, "Hello");
        assertThat(page.locator(".failure button")).hasCount(1);
        ask(page, "Another");

        assertThat(page.locator(".said").last()).hasText("Whole");
        assertThat(page.locator(".failure")).hasCount(1);
        assertThat(page.locator(".failure button")).hasCount(0);
    }

    @Test
    void aRefusedConnectionShowsWhatHappened() {
        Page page = openPage();
        provider.close();

        ask(page, "Hello");

        assertThat(page.locator(".failure")).isVisible();
        screenshot(page, "refused");
    }

    @Test
    void markupInAnAnswerStaysText() {
        provider.enqueue(wholeAnswer("<img src=x onerror=alert(1)><b>bold</b>"));
        Page page = openPage();

        ask(page, "Hello");

        assertThat(answer(page)).hasText("<img src=x onerror=alert(1)><b>bold</b>");
        assertThat(page.locator(".said img, .said b")).hasCount(0);
    }

    @Test
    void regenerateAsksTheSameQuestionAgain() {
        provider.enqueue(wholeAnswer("First"), wholeAnswer("Second"));
        Page page = openPage();

        ask(page, "Hello");
        assertThat(answer(page)).hasText("First");
        awaitIdle(page);
        page.locator("#regenerate").click();

        assertThat(answer(page)).hasText("Second");
        assertThat(page.locator(".assistant")).hasCount(1);
        assertThat(provider.exchanges().get(1).body()).doesNotContain("First").contains("Hello");
    }

    @Test
    void theConversationGoesOn() {
        provider.enqueue(wholeAnswer("Blue."), wholeAnswer("Like the sky."));
        Page page = openPage();

        ask(page, "Name a colour");
        assertThat(answer(page)).hasText("Blue.");
        awaitIdle(page);
        ask(page, "Why?");

        assertThat(page.locator(".assistant .said").last()).hasText("Like the sky.");
        assertThat(provider.exchanges().get(1).body()).contains("Name a colour", "Blue.", "Why?");
    }

    /** An EventSource reconnects by itself when a stream ends; that must not cost a second answer. */
    @Test
    void anEventSourceThatReconnectsStartsNoSecondGeneration() {
        provider.enqueue(wholeAnswer("Once"));
        Page page = openPage("--ai.relay.retry=50ms");

        Object received = page.evaluate("""
                () => new Promise((resolve, reject) => {
                  const source = new EventSource('stream?prompt=Hello');
                  const seen = [];
                  source.addEventListener('chunk', (e) => seen.push(JSON.parse(e.data).text));
                  source.addEventListener('complete', () => seen.push('complete'));
                  source.onerror = () => {
                    if (source.readyState === EventSource.CLOSED) {
                      resolve(seen);
                    }
                  };
                  setTimeout(() => reject(new Error('the EventSource still tries')), 10000);
                })""");

        assertThat(received).isEqualTo(List.of("Once", "complete"));
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void saysWhenNoModelIsAsked() {
        application = start("--server.port=0", "--ai.provider=simulated");
        Page page = browser.open(address());
        pages.add(page);

        assertThat(page.locator("#provider")).containsText("Simulated");
        ask(page, "Hello");
        assertThat(answer(page)).not().hasText("");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        screenshot(page, "simulated-dark");
        page.locator("#stop").click();
    }

    private static Script wholeAnswer(String text) {
        return Script.eventStream()
                .event(CHUNK.formatted(text))
                .event(FINISH)
                .event("[DONE]")
                .end();
    }

    private Page openPage(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--ai.provider=openai",
                "--ai.openai.api-key=test-key",
                "--ai.openai.max-retries=0",
                // A browser that left during silence is noticed by the next heartbeats.
                "--ai.relay.heartbeat=200ms",
                "--ai.openai.base-url=" + provider.uri() + "/v1"));
        arguments.addAll(List.of(more));
        application = start(arguments.toArray(String[]::new));
        Page page = browser.open(address());
        pages.add(page);
        return page;
    }

    private String address() {
        return "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port") + "/";
    }

    private static void ask(Page page, String prompt) {
        page.locator("#prompt").fill(prompt);
        page.locator("#prompt").press("Enter");
    }

    private static Locator answer(Page page) {
        return page.locator(".assistant .said").first();
    }

    private static void awaitIdle(Page page) {
        page.waitForFunction("() => document.body.dataset.state === 'idle'");
    }

    private void screenshot(Page page, String name) {
        Path file = Path.of("target", "screenshots", name + ".png");
        page.screenshot(new ScreenshotOptions().setPath(file));
    }
}
