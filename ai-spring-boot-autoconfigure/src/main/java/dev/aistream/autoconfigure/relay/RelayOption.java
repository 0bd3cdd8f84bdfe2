package dev.aistream.autoconfigure.relay;

import dev.aistream.chat.ChatRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The options that a browser may be allowed to set. */
enum RelayOption {
    MAX_TOKENS("maxTokens", (request, value) -> request.maxTokens(intOf(value))),
    TEMPERATURE("temperature", (request, value) -> request.temperature(doubleOf(value))),
    TOP_P("topP", (request, value) -> request.topP(doubleOf(value))),
    TOP_K("topK", (request, value) -> request.topK(intOf(value))),
    FREQUENCY_PENALTY("frequencyPenalty", (request, value) -> request.frequencyPenalty(doubleOf(value))),
    PRESENCE_PENALTY("presencePenalty", (request, value) -> request.presencePenalty(doubleOf(value))),
    SEED("seed", (request, value) -> request.seed(longOf(value))),
    STOP("stop", (request, value) -> request.stop(textsOf(value))),
    REASONING_EFFORT("reasoningEffort", (request, value) -> request.reasoningEffort(textOf(value)));

    private static final String ANY = "*";

    private final String jsonName;
    private final BiConsumer<ChatRequest.Builder, JsonNode> setter;

    RelayOption(String jsonName, BiConsumer<ChatRequest.Builder, JsonNode> setter) {
        this.jsonName = jsonName;
        this.setter = setter;
    }

    /**
     * Puts the value into the request.
     * @throws IllegalArgumentException where it is of another type
     */
    void set(ChatRequest.Builder request, JsonNode value) {
        setter.accept(request, value);
    }

    /** The option of this name, in JSON; null where there is none. */
    static @Nullable RelayOption ofJson(String name) {
        return Arrays.stream(values())
                .filter(option -> option.jsonName.equals(name))
                .findFirst()
                .orElse(null);
    }

    static void requireKnown(String propertyValue) {
        if (!propertyValue.equals(ANY) && Arrays.stream(values()).noneMatch(option -> option.isCalled(propertyValue))) {
            throw new IllegalArgumentException("allow.options knows no option " + propertyValue + ", only "
                    + Arrays.stream(values()).map(option -> option.jsonName).toList() + " and *");
        }
    }

    boolean isAllowed(Set<String> allowed) {
        return allowed.contains(ANY) || allowed.stream().anyMatch(this::isCalled);
    }

    /** In JSON's spelling, or in that of properties. */
    private boolean isCalled(String propertyValue) {
        return jsonName.equalsIgnoreCase(propertyValue.replace("-", ""));
    }

    private static int intOf(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException("must be a whole number");
        }
        return value.intValue();
    }

    private static long longOf(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("must be a whole number");
        }
        return value.longValue();
    }

    private static double doubleOf(JsonNode value) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException("must be a number");
        }
        return value.doubleValue();
    }

    private static String textOf(JsonNode value) {
        if (!value.isString()) {
            throw new IllegalArgumentException("must be text");
        }
        return value.stringValue();
    }

    private static String[] textsOf(JsonNode value) {
        if (!value.isArray()) {
            return new String[] {textOf(value)};
        }
        List<String> texts = new ArrayList<>();
        value.forEach(element -> texts.add(textOf(element)));
        return texts.toArray(String[]::new);
    }
}
