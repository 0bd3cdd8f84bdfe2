package dev.aistream.benchmarks.macro;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.aistream.AiStreamingTemplate;
import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** The clients compared, each as its vendor's first page of documentation sets it up. */
final class StreamClients {

    static final List<String> NAMES =
            List.of("floor", "aistream", "webclient", "langchain4j", "openai-java", "spring-ai");

    private static final String MODEL = "gpt-4o-mini";
    private static final String PROMPT = "Go on";

    private StreamClients() {}

    static StreamClient of(String name, String baseUrl) {
        return switch (name) {
            case "floor" -> floor(baseUrl);
            case "aistream" -> aiStream(baseUrl);
            case "webclient" -> handWritten(baseUrl);
            case "langchain4j" -> langChain4j(baseUrl);
            case "openai-java" -> openAiJava(baseUrl);
            case "spring-ai" -> springAi(baseUrl);
            default -> throw new IllegalArgumentException("No such client: " + name);
        };
    }

    /** The pool of all that are built on reactor-netty, so that they differ in what they do with the bytes only. */
    private static WebClient webClient(String baseUrl) {
        ProviderConnector connector = ProviderConnector.builder().build();
        return WebClient.builder()
                .baseUrl(baseUrl)
                .clientConnector(connector.connector())
                .build();
    }

    private static WebClient.ResponseSpec post(WebClient client) {
        return client.post()
                .uri("/chat/completions")
                .contentType(MediaType.APPLICATION_JSON)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .header("Authorization", "Bearer key")
                .bodyValue("{\"model\":\"" + MODEL
                        + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}")
                .retrieve();
    }

    /** What the network costs: bytes counted and dropped. */
    private static StreamClient floor(String baseUrl) {
        WebClient client = webClient(baseUrl);
        return new StreamClient() {
            @Override
            public CompletableFuture<Void> stream(Reader reader) {
                return end(post(client).bodyToFlux(DataBuffer.class).doOnNext(buffer -> {
                    reader.bytes(buffer.readableByteCount());
                    DataBufferUtils.release(buffer);
                }));
            }

            @Override
            public boolean decodes() {
                return false;
            }
        };
    }

    private static StreamClient aiStream(String baseUrl) {
        OpenAiOptions options = OpenAiOptions.builder()
                .baseUrl(URI.create(baseUrl))
                .apiKey("key")
                .build();
        AiStreamingTemplate ai = AiStreamingTemplate.builder()
                .model(new OpenAiChatModel(
                        options,
                        ProviderHttpClient.create(
                                WebClient.builder(),
                                ProviderConnector.builder().build().connector())))
                .build();
        return reader -> end(ai.stream(PROMPT).text().doOnNext(reader::text));
    }

    /** Spring's own event reader and a JSON tree: what one writes by hand. */
    private static StreamClient handWritten(String baseUrl) {
        WebClient client = webClient(baseUrl);
        JsonMapper mapper = JsonMapper.builder().build();
        ParameterizedTypeReference<ServerSentEvent<String>> type = new ParameterizedTypeReference<>() {};
        return reader -> end(post(client)
                .bodyToFlux(type)
                .mapNotNull(ServerSentEvent::data)
                .takeWhile(data -> !data.equals("[DONE]"))
                .doOnNext(data -> {
                    String text = mapper.readTree(data)
                            .path("choices")
                            .path(0)
                            .path("delta")
                            .path("content")
                            .asString("");
                    if (!text.isEmpty()) {
                        reader.text(text);
                    }
                }));
    }

    private static CompletableFuture<Void> end(Flux<?> flux) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        flux.subscribe(ignored -> {}, ended::completeExceptionally, () -> ended.complete(null));
        return ended;
    }

    private static StreamClient langChain4j(String baseUrl) {
        OpenAiStreamingChatModel model = OpenAiStreamingChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey("key")
                .modelName(MODEL)
                .timeout(Duration.ofMinutes(10))
                .build();
        return reader -> {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            model.chat(PROMPT, new StreamingChatResponseHandler() {
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
            });
            return ended;
        };
    }

    /** Its blocking stream on a thread each, since its asynchronous one admits five streams to a host at once. */
    private static StreamClient openAiJava(String baseUrl) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().baseUrl(baseUrl).apiKey("key").build();
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addUserMessage(PROMPT)
                .build();
        ExecutorService threads = Executors.newCachedThreadPool(StreamClients::daemon);
        return reader -> CompletableFuture.runAsync(
                () -> {
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
                        .model(MODEL)
                        .build())
                .build();
        return reader -> end(model.stream(PROMPT).doOnNext(reader::text));
    }

    static @Nullable String firstWord(String fragment) {
        int from = fragment.startsWith(" ") ? 1 : 0;
        int to = fragment.indexOf(' ', from);
        return to < 0 ? null : fragment.substring(from, to);
    }
}
