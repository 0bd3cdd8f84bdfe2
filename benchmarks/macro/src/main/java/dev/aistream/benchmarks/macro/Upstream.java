package dev.aistream.benchmarks.macro;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** The model asked with a bare {@link WebClient}: its bytes as they come, or its text as one reads it by hand. */
public final class Upstream {

    static final String MODEL = "gpt-4o-mini";

    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT =
            new ParameterizedTypeReference<>() {};

    private final WebClient client;
    private final JsonMapper mapper = JsonMapper.builder().build();

    /**
     * A way to the model over a connector.
     */
    public Upstream(String baseUrl, ClientHttpConnector connector) {
        client = WebClient.builder().baseUrl(baseUrl).clientConnector(connector).build();
    }

    /** The floor. */
    public Flux<DataBuffer> bytes(String prompt) {
        return post(prompt).bodyToFlux(DataBuffer.class);
    }

    /** By hand: Spring's own event reader and a JSON tree. */
    public Flux<String> text(String prompt) {
        return post(prompt)
                .bodyToFlux(EVENT)
                .mapNotNull(ServerSentEvent::data)
                .takeWhile(data -> !data.equals("[DONE]"))
                .map(data -> mapper.readTree(data)
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asString(""))
                .filter(text -> !text.isEmpty());
    }

    private WebClient.ResponseSpec post(String prompt) {
        return client.post()
                .uri("/chat/completions")
                .contentType(MediaType.APPLICATION_JSON)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .header("Authorization", "Bearer key")
                .bodyValue("{\"model\":\"" + MODEL
                        + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}")
                .retrieve();
    }
}
