package dev.aistream.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to ask. Immutable; what it leaves open is taken from the properties.
 *
 * <p>What is said and the headers never appear in {@code toString}.
 *
 * @param provider name of the provider; null for the one that the model's name or the default points to
 * @param model name of the model; null for the provider's default
 * @param system instructions that stand before the messages
 * @param messages the conversation, at least one turn
 * @param options how to answer
 * @param tools what the model may ask for
 * @param headers request headers to add; they win over those of the properties
 * @param timeout until the response head has come
 * @param maxLineLength longest line of the response, in bytes
 * @param retryInterval base of the pause before another attempt
 * @param testMode what the simulated provider plays
 * @param includeUsage whether to ask for {@link Usage}; null leaves it to the properties
 * @param includeRaw whether each event of the provider also appears as {@link ChatEvent.Raw}
 */
public record ChatRequest(
        @Nullable String provider,
        @Nullable String model,
        @Nullable String system,
        List<Message> messages,
        ChatOptions options,
        List<ToolDefinition> tools,
        Map<String, String> headers,
        @Nullable Duration timeout,
        @Nullable Integer maxLineLength,
        @Nullable Duration retryInterval,
        @Nullable TestMode testMode,
        @Nullable Boolean includeUsage,
        boolean includeRaw) {

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        headers = Map.copyOf(headers);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("A request needs a prompt or messages");
        }
        requirePositive("timeout", timeout);
        requirePositive("retryInterval", retryInterval);
        if (maxLineLength != null && maxLineLength < 1) {
            throw new IllegalArgumentException("maxLineLength must be at least 1 byte, was " + maxLineLength);
        }
    }

    private static void requirePositive(String name, @Nullable Duration duration) {
        if (duration != null && (duration.isNegative() || duration.isZero())) {
            throw new IllegalArgumentException(name + " must be positive, was " + duration);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    public static ChatRequest of(String prompt) {
        return builder().prompt(prompt).build();
    }

    /** A builder that starts from this request. */
    public Builder mutate() {
        return new Builder(this);
    }

    @Override
    public String toString() {
        return "ChatRequest[provider=" + provider + ", model=" + model + ", messages=" + messages.size() + ", tools="
                + tools.size() + "]";
    }

    /** Collects a request. Not thread-safe. */
    public static final class Builder {

        private @Nullable String provider;
        private @Nullable String model;
        private @Nullable String system;
        private @Nullable String prompt;
        private @Nullable List<Message> messages;
        private @Nullable Integer maxTokens;
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer topK;
        private @Nullable Double frequencyPenalty;
        private @Nullable Double presencePenalty;
        private List<String> stop = List.of();
        private @Nullable Long seed;
        private @Nullable ResponseFormat responseFormat;
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable String reasoningEffort;
        private final Map<String, @Nullable Object> additional = new LinkedHashMap<>();
        private final List<ToolDefinition> tools = new ArrayList<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private @Nullable Duration timeout;
        private @Nullable Integer maxLineLength;
        private @Nullable Duration retryInterval;
        private @Nullable TestMode testMode;
        private @Nullable Boolean includeUsage;
        private boolean includeRaw;

        private Builder() {}

        private Builder(ChatRequest request) {
            this.provider = request.provider;
            this.model = request.model;
            this.system = request.system;
            this.messages = request.messages;
            options(request.options);
            this.tools.addAll(request.tools);
            this.headers.putAll(request.headers);
            this.timeout = request.timeout;
            this.maxLineLength = request.maxLineLength;
            this.retryInterval = request.retryInterval;
            this.testMode = request.testMode;
            this.includeUsage = request.includeUsage;
            this.includeRaw = request.includeRaw;
        }

        public Builder provider(@Nullable String provider) {
            this.provider = provider;
            return this;
        }

        /** Name of the model; {@code provider/model} where the left part is a configured provider. */
        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        public Builder system(@Nullable String system) {
            this.system = system;
            return this;
        }

        /** One question; excludes {@link #messages}. */
        public Builder prompt(@Nullable String prompt) {
            this.prompt = prompt;
            return this;
        }

        /** A conversation; excludes {@link #prompt}. */
        public Builder messages(List<? extends Message> messages) {
            this.messages = List.copyOf(messages);
            return this;
        }

        public Builder messages(Message... messages) {
            return messages(Arrays.asList(messages));
        }

        public Builder maxTokens(@Nullable Integer maxTokens) {
            this.maxTokens = maxTokens;
            return this;
        }

        public Builder temperature(@Nullable Double temperature) {
            this.temperature = temperature;
            return this;
        }

        public Builder topP(@Nullable Double topP) {
            this.topP = topP;
            return this;
        }

        public Builder topK(@Nullable Integer topK) {
            this.topK = topK;
            return this;
        }

        public Builder frequencyPenalty(@Nullable Double frequencyPenalty) {
            this.frequencyPenalty = frequencyPenalty;
            return this;
        }

        public Builder presencePenalty(@Nullable Double presencePenalty) {
            this.presencePenalty = presencePenalty;
            return this;
        }

        public Builder stop(String... stop) {
            this.stop = List.of(stop);
            return this;
        }

        public Builder seed(@Nullable Long seed) {
            this.seed = seed;
            return this;
        }

        public Builder responseFormat(@Nullable ResponseFormat responseFormat) {
            this.responseFormat = responseFormat;
            return this;
        }

        public Builder toolChoice(@Nullable ToolChoice toolChoice) {
            this.toolChoice = toolChoice;
            return this;
        }

        public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
            this.parallelToolCalls = parallelToolCalls;
            return this;
        }

        /** The provider's word, such as {@code low} or {@code high}. */
        public Builder reasoningEffort(@Nullable String reasoningEffort) {
            this.reasoningEffort = reasoningEffort;
            return this;
        }

        /** A field of the provider's request that has no method here; sent as it is. */
        public Builder additional(String field, @Nullable Object value) {
            this.additional.put(field, value);
            return this;
        }

        /** All options at once; replaces those set before. */
        public Builder options(ChatOptions options) {
            this.maxTokens = options.maxTokens();
            this.temperature = options.temperature();
            this.topP = options.topP();
            this.topK = options.topK();
            this.frequencyPenalty = options.frequencyPenalty();
            this.presencePenalty = options.presencePenalty();
            this.stop = options.stop();
            this.seed = options.seed();
            this.responseFormat = options.responseFormat();
            this.toolChoice = options.toolChoice();
            this.parallelToolCalls = options.parallelToolCalls();
            this.reasoningEffort = options.reasoningEffort();
            this.additional.clear();
            this.additional.putAll(options.additional());
            return this;
        }

        /** Adds tools. */
        public Builder tools(ToolDefinition... tools) {
            return tools(Arrays.asList(tools));
        }

        /** Adds tools. */
        public Builder tools(List<ToolDefinition> tools) {
            this.tools.addAll(tools);
            return this;
        }

        public Builder header(String name, String value) {
            this.headers.put(name.toLowerCase(Locale.ROOT), Objects.requireNonNull(value, name));
            return this;
        }

        public Builder timeout(@Nullable Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** Longest line of the response, in bytes. */
        public Builder maxLineLength(@Nullable Integer maxLineLength) {
            this.maxLineLength = maxLineLength;
            return this;
        }

        public Builder retryInterval(@Nullable Duration retryInterval) {
            this.retryInterval = retryInterval;
            return this;
        }

        public Builder testMode(@Nullable TestMode testMode) {
            this.testMode = testMode;
            return this;
        }

        public Builder includeUsage(@Nullable Boolean includeUsage) {
            this.includeUsage = includeUsage;
            return this;
        }

        public Builder includeRaw() {
            return includeRaw(true);
        }

        public Builder includeRaw(boolean includeRaw) {
            this.includeRaw = includeRaw;
            return this;
        }

        /**
         * The request.
         * @throws IllegalArgumentException where both prompt and messages are there, or neither, or a value is out of
         *     range; the message says which
         */
        public ChatRequest build() {
            if (prompt != null && messages != null) {
                throw new IllegalArgumentException("A request takes a prompt or messages, not both");
            }
            if (prompt != null && prompt.isBlank()) {
                throw new IllegalArgumentException("The prompt is empty");
            }
            List<Message> conversation =
                    prompt != null ? List.of(Message.user(prompt)) : messages != null ? messages : List.of();
            return new ChatRequest(
                    provider,
                    model,
                    system,
                    conversation,
                    new ChatOptions(
                            maxTokens,
                            temperature,
                            topP,
                            topK,
                            frequencyPenalty,
                            presencePenalty,
                            stop,
                            seed,
                            responseFormat,
                            toolChoice,
                            parallelToolCalls,
                            reasoningEffort,
                            additional),
                    tools,
                    headers,
                    timeout,
                    maxLineLength,
                    retryInterval,
                    testMode,
                    includeUsage,
                    includeRaw);
        }
    }
}
