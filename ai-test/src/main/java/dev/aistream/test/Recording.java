package dev.aistream.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One recorded response of a provider. Reads its file each time that it is asked. */
public final class Recording {

    private static final int ERROR_STATUS = 400;

    private final String name;
    private final Path file;
    private final @Nullable RecordedAnswer expected;

    Recording(String name, Path file, @Nullable RecordedAnswer expected) {
        this.name = name;
        this.file = file;
        this.expected = expected;
    }

    /** Path below the folder of recordings, with slashes. */
    public String name() {
        return name;
    }

    /** Who was recorded: the name of the file's folder. */
    public String provider() {
        return name.substring(0, name.indexOf('/'));
    }

    /**
     * Wire format: {@code chat}, {@code responses}, {@code anthropic}, {@code gemini}, {@code ollama} or another; told by
     * {@link #expected()}, else by the body's first bytes; null where neither tells.
     */
    public @Nullable String api() {
        if (expected != null && expected.api() != null) {
            return expected.api();
        }
        return Files.exists(file) ? WireFormats.guess(read(file)) : null;
    }

    /** What an independent reader found; null where nobody looked. */
    public @Nullable RecordedAnswer expected() {
        return expected;
    }

    /** The response body, as it stands on the wire. */
    public byte[] body() {
        byte[] bytes = read(file);
        return name.endsWith(".chunks.txt") ? asEventStream(new String(bytes, UTF_8)) : bytes;
    }

    public String contentType() {
        if (name.endsWith(".sse") || name.endsWith(".chunks.txt")) {
            return "text/event-stream";
        }
        return name.endsWith(".ndjson") ? "application/x-ndjson" : "application/json";
    }

    /** HTTP status: 200, but that of the error where the file is the error document of a refused request. */
    public int status() {
        boolean document = name.endsWith(".json") && !name.endsWith(".json-array.json") || name.endsWith(".txt");
        return document && !name.endsWith(".chunks.txt") ? errorStatus() : 200;
    }

    /** Lengths of the network reads in which the body came; null where they were not recorded. */
    public int @Nullable [] readSizes() {
        Path sizes = beside(".chunks.json");
        return Files.exists(sizes) ? JsonMapper.shared().readValue(sizes.toFile(), int[].class) : null;
    }

    /** The request that this was the answer to, as JSON; null where it was not kept. */
    public @Nullable String request() {
        Path request = beside(".request.json");
        return Files.exists(request) ? new String(read(request), UTF_8) : null;
    }

    /** The response, its body in one HTTP chunk. */
    public Script script() {
        return script(new int[0]);
    }

    /**
     * The response, its body cut.
     * @param sizes lengths of the HTTP chunks, the rest of the body being the last one
     */
    public Script script(int... sizes) {
        return Script.head(status(), "Content-Type: " + contentType(), "Transfer-Encoding: chunked")
                .chunks(body(), sizes)
                .end();
    }

    /**
     * What a transcript of this recording's replay has that {@link #expected()} has not, or the other way round, and
     * every breach of the rules of {@link dev.aistream.chat.ChatEvent}.
     * @return one line each, empty where all is equal; see {@link RecordedAnswer#READERS_LIMIT}
     */
    public List<String> differences(Transcript transcript) {
        return expected == null
                ? transcript.violations()
                : AnswerComparison.differences(expected, status(), transcript);
    }

    @Override
    public String toString() {
        return name;
    }

    private byte[] asEventStream(String lines) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> {
            if ("anthropic".equals(api())) {
                body.writeBytes(("event: " + typeOf(line) + "\n").getBytes(UTF_8));
            }
            body.writeBytes(("data: " + line + "\n\n").getBytes(UTF_8));
        });
        if ("chat".equals(api())) {
            body.writeBytes("data: [DONE]\n\n".getBytes(UTF_8));
        }
        return body.toByteArray();
    }

    private static String typeOf(String json) {
        return JsonMapper.shared().readTree(json).path("type").asString("message");
    }

    private int errorStatus() {
        try {
            JsonNode error = JsonMapper.shared().readTree(read(file)).path("error");
            if (error.isMissingNode() || error.isNull()) {
                return 200;
            }
            int code = error.path("code").asInt(ERROR_STATUS);
            boolean notFound =
                    error.path("code").asString("").toLowerCase(Locale.ROOT).contains("not_found");
            return notFound ? 404 : code >= 400 && code < 600 ? code : ERROR_STATUS;
        } catch (JacksonException e) {
            return 200;
        }
    }

    private Path beside(String suffix) {
        String fileName = file.getFileName().toString();
        for (String known : new String[] {".json-array.json", ".chunks.txt", ".sse", ".ndjson", ".json", ".txt"}) {
            if (fileName.endsWith(known)) {
                return file.resolveSibling(fileName.substring(0, fileName.length() - known.length()) + suffix);
            }
        }
        return file.resolveSibling(fileName + suffix);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
