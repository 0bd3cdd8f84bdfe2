package dev.aistream.benchmarks.macro;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.aistream.AiStreamingTemplate;
import dev.aistream.chat.ChatEvent;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.client.HttpClient;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.netty.resources.ConnectionProvider;

/** The clients compared, each as its vendor's first page of documentation sets it up. */
final class StreamClients {

    static final String FLOOR = "floor";
    static final String US = "aistream";
    static final String BY_HAND = "webclient";

    private StreamClients() {}

    static StreamClient of(String name, String baseUrl) {
        return switch (name) {
            case FLOOR -> floor(baseUrl);
            case US -> text(aiStream(baseUrl, ours()));
            case "aistream-events" -> events(aiStream(baseUrl, ours()));
            case "aistream-jdk" -> text(aiStream(baseUrl, jdk()));
            case "aistream-jetty" -> text(aiStream(baseUrl, jetty()));
            case BY_HAND -> byHand(baseUrl);
            case "langchain4j" -> langChain4j(baseUrl);
            case "openai-java" -> openAiJava(baseUrl);
            case "spring-ai" -> springAi(baseUrl);
            default -> throw new IllegalArgumentException("No such client: " + name);
        };
    }

    private static ClientHttpConnector ours() {
        return ProviderConnector.builder().build().connector();
    }

    /** Spring's, with as many connections as ours has, so that all streams are open at once. */
    private static ClientHttpConnector plain() {
        ConnectionProvider pool = ConnectionProvider.builder("plain")
                .maxConnections(ProviderConnector.DEFAULT_MAX_CONNECTIONS)
                .build();
        return new ReactorClientHttpConnector(reactor.netty.http.client.HttpClient.create(pool));
    }

    /** By another name, for ours refuses it: it never closes a cancelled stream. */
    private static ClientHttpConnector jdk() {
        ClientHttpConnector jdk = new JdkClientHttpConnector();
        return jdk::connect;
    }

    /** With as many connections as ours has; its default is 64. */
    private static ClientHttpConnector jetty() {
        HttpClient jetty = new HttpClient();
        jetty.setMaxConnectionsPerDestination(ProviderConnector.DEFAULT_MAX_CONNECTIONS);
        return new JettyClientHttpConnector(jetty);
    }

    /** What the network costs: bytes counted, looked at only for the time that stands in them, and dropped. */
    private static StreamClient floor(String baseUrl) {
        Upstream upstream = new Upstream(baseUrl, plain());
        return (prompt, reader) -> end(upstream.bytes(prompt).doOnNext(buffer -> {
            reader.bytes(buffer);
            DataBufferUtils.release(buffer);
        }));
    }

    private static AiStreamingTemplate aiStream(String baseUrl, ClientHttpConnector connector) {
        OpenAiOptions options = OpenAiOptions.builder()
                .baseUrl(URI.create(baseUrl))
                .apiKey("key")
                .build();
        ProviderHttpClient http = ProviderHttpClient.create(WebClient.builder(), connector);
        return AiStreamingTemplate.builder()
                .model(new OpenAiChatModel(options, http))
                .build();
    }

    private static StreamClient text(AiStreamingTemplate ai) {
        return (prompt, reader) -> end(ai.stream(prompt).text().doOnNext(reader::text));
    }

    /** Arguments of tool calls and reasoning, which are no text. */
    private static StreamClient events(AiStreamingTemplate ai) {
        return (prompt, reader) -> end(ai.stream(prompt).events().doOnNext(event -> {
            if (event instanceof ChatEvent.ToolCallDelta delta) {
                reader.text(delta.argumentsJson());
            } else if (event instanceof ChatEvent.ReasoningDelta delta) {
                reader.text(delta.text());
            }
        }));
    }

    private static StreamClient byHand(String baseUrl) {
        Upstream upstream = new Upstream(baseUrl, plain());
        return (prompt, reader) -> end(upstream.text(prompt).doOnNext(reader::text));
    }

    private static CompletableFuture<Void> end(Flux<?> flux) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        flux.subscribe(ignored -> {}, ended::completeExceptionally, () -> ended.complete(null));
        return ended;
    }

    /** Called on a thread each, since it may read the whole stream on the thread that calls it. */
    private static StreamClient langChain4j(String baseUrl) {
        OpenAiStreamingChatModel model = OpenAiStreamingChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey("key")
                .modelName(Upstream.MODEL)
                .timeout(Duration.ofMinutes(10))
                .build();
        ExecutorService threads = Executors.newCachedThreadPool(StreamClients::daemon);
        return (prompt, reader) -> {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            threads.execute(() -> model.chat(prompt, new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String fragment) {
                    reader.text(fragment);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    ended.complete(null);
                }

                @Override
                public void onError(Throwable error) {
                    ended.completeExceptionally(error);
                }
            }));
            return ended;
        };
    }

    /** Its blocking stream on a thread each, since its asynchronous one admits five streams to a host at once. */
    private static StreamClient openAiJava(String baseUrl) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().baseUrl(baseUrl).apiKey("key").build();
        ExecutorService threads = Executors.newCachedThreadPool(StreamClients::daemon);
        return (prompt, reader) -> CompletableFuture.runAsync(
                () -> {
                    ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                            .model(Upstream.MODEL)
                            .addUserMessage(prompt)
                            .build();
                    try (StreamResponse<ChatCompletionChunk> response =
                            client.chat().completions().createStreaming(params)) {
                        response.stream()
                                .flatMap(chunk -> chunk.choices().stream())
                                .flatMap(choice -> choice.delta().content().stream())
                                .forEach(reader::text);
                    }
                },
                threads);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static StreamClient springAi(String baseUrl) {
        org.springframework.ai.openai.OpenAiChatModel model = org.springframework.ai.openai.OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(baseUrl)
                        .apiKey("key")
                        .model(Upstream.MODEL)
                        .build())
                .build();
        return (prompt, reader) -> end(model.stream(prompt).doOnNext(reader::text));
    }
}
