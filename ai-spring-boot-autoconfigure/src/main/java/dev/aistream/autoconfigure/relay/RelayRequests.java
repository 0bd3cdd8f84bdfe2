package dev.aistream.autoconfigure.relay;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Message;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a browser's question and refuses, with the reason, what is not one.
 *
 * <p>Thread-safe.
 */
public final class RelayRequests {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private final RelayProperties properties;
    private final RelayProperties.Allow allow;
    private final List<RelayRequestCustomizer> customizers;

    public RelayRequests(RelayProperties properties, List<RelayRequestCustomizer> customizers) {
        this.properties = properties;
        this.allow = Objects.requireNonNullElse(properties.allow(), RelayProperties.Allow.NOTHING);
        this.customizers = List.copyOf(customizers);
    }

    /** Largest body that is read, in bytes. */
    public int maxRequestBytes() {
        return (int) properties.maxRequestSize().toBytes();
    }

    /**
     * Refuses what a page of another site sends through its visitor's browser, unless a CORS mapping let it pass.
     * @param allowedByCors whether the response carries {@code Access-Control-Allow-Origin}
     */
    public void requireSameSite(HttpHeaders request, boolean allowedByCors) {
        if ("cross-site".equalsIgnoreCase(request.getFirst(FETCH_SITE)) && !allowedByCors) {
            throw otherSite();
        }
    }

    /**
     * As {@link #requireSameSite}, of a GET that a browser sent without saying so, as over plain HTTP. There it names an
     * origin only where that is another one.
     */
    public void requireNoOtherOrigin(HttpHeaders request, boolean allowedByCors) {
        if (!request.containsHeader(FETCH_SITE) && request.containsHeader(HttpHeaders.ORIGIN) && !allowedByCors) {
            throw otherSite();
        }
    }

    private static RelayRequestException otherSite() {
        return new RelayRequestException(HttpStatus.FORBIDDEN, "Requests of other sites are not allowed here.");
    }

    /** Refuses what does not ask for an event stream by name, such as an image tag or a link. */
    public void requireEventStream(HttpHeaders request) {
        if (accept(request).stream().noneMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype)) {
            throw new RelayRequestException(
                    HttpStatus.NOT_ACCEPTABLE, "This is an event stream: send Accept: text/event-stream.");
        }
    }

    /** Refuses what is no JSON, or wants no event stream back. */
    public void requireJson(HttpHeaders request) {
        MediaType contentType = contentType(request);
        if (contentType == null
                || !(contentType.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                        || "json".equals(contentType.getSubtypeSuffix()))) {
            throw new RelayRequestException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON: send Content-Type: application/json.");
        }
        List<MediaType> accepted = accept(request);
        if (!accepted.isEmpty() && accepted.stream().noneMatch(type -> type.includes(MediaType.TEXT_EVENT_STREAM))) {
            throw new RelayRequestException(
                    HttpStatus.NOT_ACCEPTABLE, "The answer is an event stream: send Accept: text/event-stream.");
        }
        if (request.getContentLength() > maxRequestBytes()) {
            throw tooLarge();
        }
    }

    public RelayRequestException tooLarge() {
        return new RelayRequestException(
                HttpStatus.CONTENT_TOO_LARGE,
                "The body is larger than " + properties.maxRequestSize().toBytes() + " bytes.");
    }

    /** Reads a body, at most as much of it as is allowed. */
    public byte[] read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(maxRequestBytes() + 1);
        if (bytes.length > maxRequestBytes()) {
            throw tooLarge();
        }
        return bytes;
    }

    /**
     * The question of a GET.
     * @param parameters of the query, the first value of each
     */
    public ChatRequest fromQuery(Map<String, String> parameters, @Nullable String user) {
        String prompt = parameters.get("prompt");
        if (prompt == null) {
            throw RelayRequestException.bad("The parameter prompt is missing.");
        }
        ChatRequest.Builder request = ChatRequest.builder();
        int length = prompt(request, prompt);
        String system = parameters.get("system");
        if (system != null) {
            length += system(request, system);
        }
        requireLength(length);
        String model = parameters.get("model");
        if (model != null) {
            model(request, model);
        }
        return build(request, user);
    }

    /**
     * The question of a POST: {@code prompt}, or {@code messages} of {@code role} and {@code content}; where allowed
     * also {@code model}, {@code system} and {@code options}.
     */
    public ChatRequest fromJson(byte[] body, @Nullable String user) {
        JsonNode json = parse(body);
        ChatRequest.Builder request = ChatRequest.builder();
        int length = 0;
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "prompt" -> length += prompt(request, text("prompt", value));
                case "messages" -> length += messages(request, value);
                case "system" -> length += system(request, text("system", value));
                case "model" -> model(request, text("model", value));
                case "options" -> options(request, value);
                default ->
                    throw RelayRequestException.bad(
                            "There is no field " + quote(field.getKey()) + " here; send prompt or messages.");
            }
        }
        if (json.has("prompt") == json.has("messages")) {
            throw RelayRequestException.bad(
                    json.has("prompt") ? "Send prompt or messages, not both." : "Send prompt or messages.");
        }
        requireLength(length);
        return build(request, user);
    }

    private static JsonNode parse(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException malformed) {
            // Its message quotes the body.
            throw RelayRequestException.bad("The body is not valid JSON, or names a field twice.");
        }
        if (!json.isObject()) {
            throw RelayRequestException.bad("The body must be a JSON object.");
        }
        return json;
    }

    private static int prompt(ChatRequest.Builder request, String prompt) {
        if (prompt.isBlank()) {
            throw RelayRequestException.bad("The prompt is empty.");
        }
        request.prompt(prompt);
        return prompt.length();
    }

    private int messages(ChatRequest.Builder request, JsonNode json) {
        if (!json.isArray() || json.isEmpty()) {
            throw RelayRequestException.bad("messages must be a list with at least one message.");
        }
        List<Message> messages = new ArrayList<>(json.size());
        int length = 0;
        for (JsonNode message : json) {
            String content = text("content", message.get("content"));
            if (content.isBlank()) {
                throw RelayRequestException.bad("The content of a message is empty.");
            }
            messages.add(message(text("role", message.get("role")), content));
            length += content.length();
        }
        request.messages(messages);
        return length;
    }

    private Message message(String role, String content) {
        return switch (role) {
            case "user" -> Message.user(content);
            case "assistant" -> Message.assistant(content);
            case "system" -> {
                requireSystemAllowed();
                yield Message.system(content);
            }
            default -> throw RelayRequestException.bad("The role of a message must be user or assistant.");
        };
    }

    private int system(ChatRequest.Builder request, String system) {
        requireSystemAllowed();
        request.system(system);
        return system.length();
    }

    private void requireSystemAllowed() {
        if (!allow.system()) {
            throw RelayRequestException.bad("A system message is not allowed here.");
        }
    }

    private void model(ChatRequest.Builder request, String model) {
        if (!allow.models().contains(model) && !allow.models().contains("*")) {
            throw RelayRequestException.bad("This model is not allowed here.");
        }
        request.model(model);
    }

    private void options(ChatRequest.Builder request, JsonNode json) {
        if (!json.isObject()) {
            throw RelayRequestException.bad("options must be an object.");
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            RelayOption option = RelayOption.ofJson(field.getKey());
            if (option == null || !option.isAllowed(allow.options())) {
                throw RelayRequestException.bad("The option " + quote(field.getKey()) + " is not allowed here.");
            }
            try {
                option.set(request, field.getValue());
            } catch (IllegalArgumentException wrongType) {
                throw RelayRequestException.bad("The option " + field.getKey() + " " + wrongType.getMessage() + ".");
            }
        }
    }

    private void requireLength(int length) {
        if (length > properties.maxPromptLength()) {
            throw new RelayRequestException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "The prompt is longer than " + properties.maxPromptLength() + " characters.");
        }
    }

    private ChatRequest build(ChatRequest.Builder request, @Nullable String user) {
        customizers.forEach(customizer -> customizer.customize(request, user));
        try {
            return request.build();
        } catch (IllegalArgumentException invalid) {
            throw RelayRequestException.bad(String.valueOf(invalid.getMessage()));
        }
    }

    private static String text(String field, @Nullable JsonNode value) {
        if (value == null || !value.isString()) {
            throw RelayRequestException.bad(field + " must be text.");
        }
        return value.stringValue();
    }

    /** What the client made up, short and on one line. */
    private static String quote(String name) {
        String printable = name.replaceAll("[^\\p{Alnum}_.-]", "?");
        return '"' + (printable.length() <= 40 ? printable : printable.substring(0, 40) + "…") + '"';
    }

    private static @Nullable MediaType contentType(HttpHeaders request) {
        try {
            return request.getContentType();
        } catch (InvalidMediaTypeException malformed) {
            return null;
        }
    }

    private static List<MediaType> accept(HttpHeaders request) {
        try {
            return request.getAccept();
        } catch (InvalidMediaTypeException malformed) {
            throw RelayRequestException.bad("The header Accept is malformed.");
        }
    }
}
