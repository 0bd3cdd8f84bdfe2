package dev.aistream;

import dev.aistream.ModelRouter.Registration;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ChatResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/**
 * Asks language models and streams their answers.
 *
 * <p>Finds the provider: the one that the request names; else the part of the model's name before its first slash, if
 * that is a configured provider; else the default one. Tries again, and then the fallbacks, only as long as nothing
 * was emitted; after that a failure reaches the reader with the answer as far as it came.
 *
 * <p>One call of a method here is at most one answer paid for: what it returns can be subscribed to once, or, where
 * that is {@link ChatStream#response()} or {@link #generate}, gives every subscriber the same.
 *
 * <p>Thread-safe.
 */
public final class AiStreamingTemplate implements AutoCloseable {

    /** What is kept of an answer for its response or partial result: 4 MB, a character counted as a byte. */
    public static final DataSize DEFAULT_MAX_KEPT_TEXT = DataSize.ofMegabytes(4);

    private final ModelRouter router;
    private final ActiveCalls activeCalls = new ActiveCalls();
    private final CallStarter calls;

    private AiStreamingTemplate(Builder builder) {
        this.router = builder.router();
        this.calls = new CallStarter(
                router, new CallSettings(builder.maxKeptText, new Listeners(builder.listeners), activeCalls));
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Asks one question.
     * @throws IllegalArgumentException if the prompt is blank
     * @see #stream(ChatRequest)
     */
    public ChatStream stream(String prompt) {
        return stream(ChatRequest.of(prompt));
    }

    /**
     * Prepares a call, which is made when the stream is first subscribed to.
     * @return every failure comes through it, an unknown provider's included
     */
    public ChatStream stream(ChatRequest request) {
        return calls.stream(Objects.requireNonNull(request, "request"));
    }

    /**
     * Asks one question and waits for the answer to begin.
     * @throws IllegalArgumentException if the prompt is blank
     * @see #open(ChatRequest)
     */
    public Mono<ChatStream> open(String prompt) {
        return open(ChatRequest.of(prompt));
    }

    /**
     * Makes a call when subscribed to, and waits for the answer to begin.
     * @return emits once the first event has come, retries and fallbacks behind it; the stream then gives everything
     *     from the start. Fails with {@link ChatException} where the answer does not begin, and with
     *     {@link IllegalStateException} from the second subscription on. Cancelling it closes the provider's
     *     connection. A stream that nobody reads within 60 seconds is given up, its failure of kind {@code CANCELLED}.
     */
    public Mono<ChatStream> open(ChatRequest request) {
        return calls.open(Objects.requireNonNull(request, "request"));
    }

    /**
     * Asks one question and waits for the whole answer.
     * @throws IllegalArgumentException if the prompt is blank
     * @see #generate(ChatRequest)
     */
    public Mono<ChatResponse> generate(String prompt) {
        return generate(ChatRequest.of(prompt));
    }

    /**
     * The whole answer at once: {@link ChatStream#response()} of a stream that nobody else reads.
     * @return makes one call, on the first subscription, and gives its outcome to each
     */
    public Mono<ChatResponse> generate(ChatRequest request) {
        return stream(request).response();
    }

    /** Names of the configured providers, the default one first. */
    public List<String> providers() {
        return router.providers();
    }

    /**
     * Refuses new calls and lets the open ones go on for a while.
     * @param grace how long; zero ends them at once
     * @return does its work when subscribed to, and completes when no call is open, or on {@link #restart}. Those that
     *     outlast {@code grace} fail with {@link ChatException} of kind {@code SHUTDOWN}, as new ones do.
     */
    public Mono<Void> shutdown(Duration grace) {
        return activeCalls.shutdown(grace);
    }

    /** Takes calls again after {@link #shutdown}. */
    public void restart() {
        activeCalls.restart();
    }

    /** Refuses new calls and ends the open ones: {@link #shutdown} without grace, and without waiting. */
    @Override
    public void close() {
        activeCalls.close();
    }

    /** Collects a template. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Registration> models = new LinkedHashMap<>();
        private final List<ChatCallListener> listeners = new ArrayList<>();
        private List<String> fallback = List.of();
        private DataSize maxKeptText = DEFAULT_MAX_KEPT_TEXT;
        private @Nullable String defaultProvider;

        private Builder() {}

        /** Adds a model under {@link CallPolicy#DEFAULT}. */
        public Builder model(ChatModel model) {
            return model(model, CallPolicy.DEFAULT);
        }

        /**
         * Adds a model.
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder model(ChatModel model, CallPolicy policy) {
            Registration other = models.putIfAbsent(model.name(), new Registration(model, policy));
            if (other != null) {
                throw new IllegalArgumentException("Two models are named '" + model.name() + "': "
                        + other.model().getClass().getName() + " and "
                        + model.getClass().getName());
            }
            return this;
        }

        /** Who is asked where the request does not say; by default the model that was added first. */
        public Builder defaultProvider(String name) {
            this.defaultProvider = name;
            return this;
        }

        /**
         * Models to try in this order while nothing was emitted, after the one that was asked for: {@code name} of
         * the default provider, {@code provider/name}, or {@code provider/} for that provider's default model. The
         * headers of a request are not sent to another provider.
         */
        public Builder fallback(List<String> models) {
            this.fallback = List.copyOf(models);
            return this;
        }

        /** As {@link #fallback(List)}. */
        public Builder fallback(String... models) {
            return fallback(Arrays.asList(models));
        }

        /** What is kept of an answer, text, reasoning, arguments and raw events together; a character counts as a byte. */
        public Builder maxKeptText(DataSize maxKeptText) {
            if (maxKeptText.toBytes() < 1) {
                throw new IllegalArgumentException("maxKeptText must be positive, was " + maxKeptText);
            }
            this.maxKeptText = maxKeptText;
            return this;
        }

        public Builder listener(ChatCallListener listener) {
            this.listeners.add(listener);
            return this;
        }

        /** Lets customizers change what has been collected so far, in their order. */
        public Builder customize(Iterable<? extends AiStreamingTemplateCustomizer> customizers) {
            customizers.forEach(customizer -> customizer.customize(this));
            return this;
        }

        /**
         * The template.
         * @throws IllegalStateException if there is no model, or none of the default provider's name
         */
        public AiStreamingTemplate build() {
            return new AiStreamingTemplate(this);
        }

        private ModelRouter router() {
            if (models.isEmpty()) {
                throw new IllegalStateException("A template needs at least one ChatModel");
            }
            String name = defaultProvider != null
                    ? defaultProvider
                    : models.keySet().iterator().next();
            if (!models.containsKey(name)) {
                throw new IllegalStateException("The default provider '" + name + "' is not configured; there are: "
                        + String.join(", ", models.keySet()));
            }
            return new ModelRouter(models, name, fallback);
        }
    }
}
