package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real streams beside the project, where they are: {@code -Drecordings=DIR} names another folder. */
public final class Recordings {

    private static final Path FOLDER = Path.of(System.getProperty("recordings", "../../shared/recordings"));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Recordings() {}

    /** A recorded body with what an independent reader found in it. */
    public record Recording(String file, JsonNode expected) {
        @Override
        public String toString() {
            return file;
        }

        public byte[] body() {
            try {
                byte[] bytes = Files.readAllBytes(FOLDER.resolve(file));
                return file.endsWith(".chunks.txt") ? asEventStream(new String(bytes, StandardCharsets.UTF_8)) : bytes;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The request that it answers, null where it is not known. */
        public @Nullable JsonNode request() {
            Path request = FOLDER.resolve(file.replaceFirst("\\.[a-z.]+$", "") + ".request.json");
            return Files.exists(request) ? JSON.readTree(request) : null;
        }

        private byte[] asEventStream(String lines) {
            StringBuilder stream = new StringBuilder();
            boolean named = expected.path("api").asString("").equals("anthropic");
            lines.lines().filter(line -> !line.isBlank()).forEach(line -> {
                if (named) {
                    stream.append("event: ")
                            .append(JSON.readTree(line).path("type").asString())
                            .append('\n');
                }
                stream.append("data: ").append(line).append("\n\n");
            });
            return stream.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /** The event streams of one wire format; empty where the folder is missing. */
    public static Stream<Recording> of(String api) {
        Path expected = FOLDER.resolve("EXPECTED.json");
        if (!Files.exists(expected)) {
            return Stream.empty();
        }
        return JSON.readTree(expected)
                .propertyStream()
                .filter(entry -> entry.getValue().path("api").asString("").equals(api))
                .filter(entry -> !entry.getKey().endsWith(".json"))
                .map(entry -> new Recording(entry.getKey(), entry.getValue()));
    }

    public static Recording named(String file) {
        JsonNode expected = JSON.readTree(FOLDER.resolve("EXPECTED.json")).path(file);
        return new Recording(file, expected);
    }

    public static boolean exist() {
        return Files.exists(FOLDER.resolve("EXPECTED.json"));
    }

    /** Holds an answer against what the independent reader found. */
    public static void assertExact(DecodedAnswer answer, JsonNode expected) {
        assertThat(answer.text().codePointCount(0, answer.text().length()))
                .as("characters of text")
                .isEqualTo(expected.path("textChars").asInt());
        assertThat(hash(answer.text()))
                .as("text")
                .isEqualTo(expected.path("textSha256").asString(null));
        assertThat(hash(answer.reasoning()))
                .as("reasoning")
                .isEqualTo(expected.path("reasoningSha256").asString(null));
        assertThat(answer.refusal())
                .as("refusal")
                .isEqualTo(expected.path("refusal").asString(""));
        assertThat(calls(answer)).as("tool calls").isEqualTo(expectedCalls(expected.path("toolCalls")));
        JsonNode error = expected.path("error");
        if (error.isNull() || error.isMissingNode()) {
            assertThat(answer.end().rawFinishReason())
                    .as("finish")
                    .isEqualTo(expected.path("finish").asString(null));
            assertUsage(answer, expected.path("usage"));
        } else {
            ChatException failure = answer.failure();
            assertThat(failure.getMessage()).isEqualTo(error.path("message").asString());
        }
    }

    private static void assertUsage(DecodedAnswer answer, JsonNode expected) {
        if (expected.isNull() || expected.isMissingNode()) {
            assertThat(answer.end().usage()).as("usage").isNull();
        } else {
            JsonNode raw =
                    JSON.readTree(JSON.writeValueAsString(answer.end().usage().raw()));
            assertThat((Object) raw).as("usage").isEqualTo(JSON.readTree(expected.toString()));
        }
    }

    private static List<String> calls(DecodedAnswer answer) {
        List<String> calls = new ArrayList<>();
        for (Content piece : answer.content()) {
            if (piece instanceof Content.ToolUse use) {
                calls.add(use.call().id() + " " + use.call().name() + " "
                        + normal(use.call().arguments()));
            } else if (piece instanceof Content.Native own && isCall(own.value())) {
                Object input = own.value().get("input");
                String arguments = input instanceof String text ? text : JSON.writeValueAsString(input);
                calls.add(own.value().get("id") + " " + own.value().get("name") + " " + normal(arguments));
            }
        }
        return calls;
    }

    private static boolean isCall(Map<String, ?> block) {
        return String.valueOf(block.get("type")).endsWith("_tool_use");
    }

    private static List<String> expectedCalls(JsonNode expected) {
        List<String> calls = new ArrayList<>();
        for (JsonNode call : expected) {
            String arguments = call.path("args").asString("");
            boolean hosted = call.path("kind").asString("").equals("server_tool_use");
            calls.add(call.path("id").asString() + " " + call.path("name").asString() + " "
                    + (hosted ? normal(arguments) : normal(arguments.isEmpty() ? "{}" : arguments)));
        }
        return calls;
    }

    /** JSON whatever its white space; what is none stays as it is. */
    private static String normal(String arguments) {
        try {
            return JSON.readTree(arguments).toString();
        } catch (RuntimeException none) {
            return arguments;
        }
    }

    private static @Nullable String hash(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
