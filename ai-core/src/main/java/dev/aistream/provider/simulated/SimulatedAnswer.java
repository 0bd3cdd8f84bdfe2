package dev.aistream.provider.simulated;

import dev.aistream.chat.TestMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers as the events of OpenAI's wire. */
final class SimulatedAnswer {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final ObjectWriter ONE_LINE = JSON.writer();
    private static final ObjectWriter MANY_LINES = JSON.writerWithDefaultPrettyPrinter();
    private static final int MAX_ECHO = 200;

    private static final String GREETING =
            "Hello! You asked: \u201c%s\u201d. This answer is simulated: no model was called and no key is needed. "
                    + "The words travel as a real provider would send them, through the same parser and decoder, so "
                    + "what you see is how your application streams. Set an API key to talk to a real model.";

    private static final String LINES = """
            Simulated, several lines:

            1. Each event's JSON is spread over several data lines.
            2. The parser joins them with line feeds.
            3. Nothing is lost: \u201c%s\u201d

            ```java
            ai.stream("Hello").text().subscribe(System.out::print);
            ```
            """;

    private static final String BEFORE_ERROR = "This simulated answer will break off";

    private final String id;
    private final String model;
    private final String question;
    private final ObjectWriter writer;
    private final List<String> events = new ArrayList<>();

    private SimulatedAnswer(String id, JsonNode request, ObjectWriter writer) {
        this.id = id;
        this.model = request.path("model").asString("simulated");
        this.question = question(request);
        this.writer = writer;
    }

    /**
     * The events of one answer, each with its blank line.
     * @param request body as OpenAI takes it
     */
    static List<String> events(TestMode mode, String id, byte[] request) {
        SimulatedAnswer answer =
                new SimulatedAnswer(id, JSON.readTree(request), mode == TestMode.MULTI_LINE ? MANY_LINES : ONE_LINE);
        switch (mode) {
            case BASIC -> answer.whole(GREETING, false);
            case OPENAI -> answer.whole(GREETING, true);
            case MULTI_LINE -> answer.whole(LINES, false);
            case ERROR -> answer.broken();
        }
        return answer.events;
    }

    /** What the user said last, shortened. */
    private static String question(JsonNode request) {
        String question = "";
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                question = text(message.path("content"));
            }
        }
        String line = question.strip().replaceAll("\\s+", " ");
        if (line.length() <= MAX_ECHO) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(MAX_ECHO - 1)) ? MAX_ECHO - 1 : MAX_ECHO;
        return line.substring(0, end) + "\u2026";
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }

    private void whole(String template, boolean everything) {
        List<String> tokens = tokens(template.formatted(question));
        if (everything) {
            chunk(delta("role", "assistant", "content", ""), null, true);
        }
        for (String token : tokens) {
            chunk(delta("content", token), null, everything);
        }
        chunk(Map.of(), "stop", everything);
        usage(tokens.size());
        events.add("data: [DONE]\n\n");
    }

    private void broken() {
        for (String token : tokens(BEFORE_ERROR)) {
            chunk(delta("content", token), null, false);
        }
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", "The simulated provider failed, as it was asked to.");
        error.put("type", "server_error");
        error.put("code", "simulated_error");
        error.put("param", null);
        event(Map.of("error", error));
    }

    /** Words with the space before them, as tokens mostly are. */
    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        for (int at = 1; at < text.length(); at++) {
            boolean wordBegins =
                    Character.isWhitespace(text.charAt(at)) && !Character.isWhitespace(text.charAt(at - 1));
            if (wordBegins) {
                tokens.add(text.substring(start, at));
                start = at;
            }
        }
        tokens.add(text.substring(start));
        return tokens;
    }

    private static Map<String, Object> delta(String... fields) {
        Map<String, Object> delta = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            delta.put(fields[i], fields[i + 1]);
        }
        return delta;
    }

    private void chunk(Map<String, Object> delta, @Nullable String finishReason, boolean everything) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put("delta", delta);
        if (everything) {
            choice.put("logprobs", null);
        }
        choice.put("finish_reason", finishReason);
        Map<String, @Nullable Object> chunk = head(everything);
        chunk.put("choices", List.of(choice));
        if (everything) {
            chunk.put("usage", null);
        }
        event(chunk);
    }

    private void usage(int tokens) {
        int prompt = Math.max(1, question.length() / 4);
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", prompt);
        usage.put("completion_tokens", tokens);
        usage.put("total_tokens", prompt + tokens);
        Map<String, @Nullable Object> chunk = head(false);
        chunk.put("choices", List.of());
        chunk.put("usage", usage);
        event(chunk);
    }

    private Map<String, @Nullable Object> head(boolean everything) {
        Map<String, @Nullable Object> chunk = new LinkedHashMap<>();
        chunk.put("id", id);
        chunk.put("object", "chat.completion.chunk");
        chunk.put("created", 1_700_000_000);
        chunk.put("model", model);
        if (everything) {
            chunk.put("service_tier", "default");
            chunk.put("system_fingerprint", "fp_simulated");
        }
        return chunk;
    }

    private void event(Map<String, ?> json) {
        StringBuilder event = new StringBuilder();
        writer.writeValueAsString(json)
                .lines()
                .forEach(line -> event.append("data: ").append(line).append('\n'));
        events.add(event.append('\n').toString());
    }
}
