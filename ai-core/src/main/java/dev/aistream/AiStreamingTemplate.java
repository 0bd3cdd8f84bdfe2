package dev.aistream;

import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/** Streams answers of language models. */
public final class AiStreamingTemplate implements AutoCloseable {

    private AiStreamingTemplate(Builder builder) {}

    public static Builder builder() {
        return new Builder();
    }

    public ChatStream stream(String prompt) {
        return stream(ChatRequest.of(prompt));
    }

    public ChatStream stream(ChatRequest request) {
        throw new UnsupportedOperationException();
    }

    public Mono<ChatStream> open(String prompt) {
        return open(ChatRequest.of(prompt));
    }

    public Mono<ChatStream> open(ChatRequest request) {
        throw new UnsupportedOperationException();
    }

    public Mono<ChatResponse> generate(String prompt) {
        return generate(ChatRequest.of(prompt));
    }

    public Mono<ChatResponse> generate(ChatRequest request) {
        return stream(request).response();
    }

    /** Names of the configured providers, the default one first. */
    public List<String> providers() {
        throw new UnsupportedOperationException();
    }

    /** Refuses new calls, lets open ones end within {@code grace}, ends the others as {@code SHUTDOWN}; completes when none is open. */
    public Mono<Void> shutdown(Duration grace) {
        throw new UnsupportedOperationException();
    }

    /** Takes calls again after {@link #shutdown}. */
    public void restart() {
        throw new UnsupportedOperationException();
    }

    /** Ends all open calls as {@code SHUTDOWN} at once and refuses new ones. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Collects a template. Not thread-safe. */
    public static final class Builder {

        public Builder model(ChatModel model) {
            return model(model, CallPolicy.DEFAULT);
        }

        public Builder model(ChatModel model, CallPolicy policy) {
            throw new UnsupportedOperationException();
        }

        /** By default the first model's. */
        public Builder defaultProvider(String name) {
            throw new UnsupportedOperationException();
        }

        /** Models to try in order while nothing was emitted; {@code provider/model} where the left part is a configured provider. */
        public Builder fallback(List<String> models) {
            throw new UnsupportedOperationException();
        }

        public Builder maxKeptText(DataSize maxKeptText) {
            throw new UnsupportedOperationException();
        }

        public Builder listener(ChatCallListener listener) {
            throw new UnsupportedOperationException();
        }

        public Builder customize(Iterable<? extends AiStreamingTemplateCustomizer> customizers) {
            throw new UnsupportedOperationException();
        }

        public AiStreamingTemplate build() {
            return new AiStreamingTemplate(this);
        }
    }
}
