package dev.aistream.chaos;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.CallPolicy;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import dev.aistream.test.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.BaseSubscriber;

/**
 * Bodies far larger than the heap, each read by the template in a JVM of its own, started with {@code -Xmx64m} by {@link
 * SmallHeapTests}. Server and client share that heap. One line of output for each body: what became of it.
 */
final class SmallHeap {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MEGABYTE = 1024 * 1024;
    private static final int CHUNK = 32 * 1024;

    /** The default, of 16 MiB, is a quarter of this heap: to grow to it takes half. */
    private static final int MAX_LINE_LENGTH = MEGABYTE;

    private static final String DONE = "data: [DONE]\n\n";
    private static final String TEXT =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(8000) + "\"}}]}\n\n";

    private final ScriptedServer server;
    private final AiStreamingTemplate ai;

    private SmallHeap(ScriptedServer server, ProviderConnector network) {
        this.server = server;
        OpenAiOptions options = OpenAiOptions.builder()
                .http(ProviderHttpOptions.of(server.uri()).withMaxLineLength(MAX_LINE_LENGTH))
                .apiKey("test-key")
                .build();
        ProviderHttpClient client = ProviderHttpClient.create(WebClient.builder(), network.connector());
        this.ai = AiStreamingTemplate.builder()
                .model(new OpenAiChatModel(options, client), CallPolicy.DEFAULT.withMaxRetries(0))
                .build();
    }

    /** Takes the megabytes of the large answer. */
    public static void main(String[] arguments) throws Exception {
        long megabytes = Long.parseLong(arguments[0]);
        try (ScriptedServer server = ScriptedServer.start();
                ProviderConnector network = ProviderConnector.create()) {
            SmallHeap heap = new SmallHeap(server, network);
            heap.tell("a large answer, read whole", heap.read(heap.repeated(TEXT, megabytes)));
            heap.tell("a large answer, unread", heap.leaveUnread());
            heap.tell("an endless line", heap.read(endless("data: ", "x")));
            heap.tell("an endless comment", heap.read(heap.repeated(": " + "x".repeat(CHUNK), megabytes, "\n\n")));
            heap.tell("empty lines", heap.read(heap.repeated(": x\n" + "\n".repeat(CHUNK), 32)));
            heap.tell("comments", heap.read(heap.repeated(": x\n".repeat(CHUNK / 4), 32)));
            heap.tell("an event of many short lines", heap.read(endless("", "data: x\n")));
            heap.tell("deep JSON", heap.read(endless("data: {\"x\":", "[")));
            heap.tell("deep JSON in lines", heap.read(endless("", "data: [\n")));
        }
    }

    private static Script endless(String begin, String unit) {
        String chunk = unit.repeat(CHUNK / unit.length());
        return Script.eventStream().endlessChunks(number -> number == 0 ? begin + chunk : chunk);
    }

    private Script repeated(String unit, long megabytes) {
        return repeated(unit, megabytes, "");
    }

    private Script repeated(String unit, long megabytes, String end) {
        return Script.eventStream()
                .chunks(megabytes * MEGABYTE / unit.length() + 1, number -> unit)
                .chunk(end + DONE)
                .end();
    }

    private String read(Script script) throws InterruptedException {
        server.enqueue(script);
        AtomicLong characters = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(1);
        StringBuilder how = new StringBuilder();
        ai.stream("much")
                .text()
                .subscribe(
                        text -> characters.addAndGet(text.length()),
                        failure -> {
                            how.append(kind(failure));
                            ended.countDown();
                        },
                        () -> {
                            how.append("COMPLETE");
                            ended.countDown();
                        });
        boolean over = ended.await(LONG.toSeconds(), TimeUnit.SECONDS);
        Exchange exchange = server.takeExchange(LONG);
        return (over ? how : "NO ENDING") + " " + characters.get() / MEGABYTE + " MB of text, "
                + exchange.bytesWritten() / MEGABYTE + " MB sent";
    }

    private static String kind(Throwable failure) {
        return failure instanceof ChatException told ? told.kind().name() : failure.toString();
    }

    /** Asks for one event, then for none, until the server can write no more. */
    private String leaveUnread() throws InterruptedException {
        server.enqueue(endless("", TEXT));
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger events = new AtomicInteger();
        BaseSubscriber<Object> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Object event) {
                events.incrementAndGet();
                first.countDown();
            }
        };
        ai.stream("much").events().subscribe(reader);
        Exchange exchange = server.takeExchange(LONG);
        boolean begun = first.await(LONG.toSeconds(), TimeUnit.SECONDS);
        long sent = exchange.awaitStall(Duration.ofMillis(500), LONG);
        reader.cancel();
        exchange.awaitClientClosed(LONG);
        return (begun ? Kind.CANCELLED : "NOT BEGUN") + " " + events + " event, " + sent / MEGABYTE + " MB sent";
    }

    private void tell(String body, String outcome) {
        System.out.println(body + ": " + outcome);
    }
}
