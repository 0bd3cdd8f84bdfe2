package dev.aistream.samples.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A recorded answer of an OpenAI model.
 *
 * @param body the response body as recorded
 * @param sizes lengths of the network reads in which it came
 * @param text the answer, joined by a reader of this class's own
 * @param outputTokens as the provider counted them
 */
record RecordedAnswer(byte[] body, int[] sizes, String text, long outputTokens) {

    private static final String NAME = "azure/req_llm_shelvick__gpt_4o_mini__streaming";

    static RecordedAnswer openAi() {
        Path folder = recordings();
        Assumptions.assumeTrue(Files.isDirectory(folder), "No folder of recordings; -Drecordings=DIR names one");
        try {
            JsonMapper json = new JsonMapper();
            byte[] body = Files.readAllBytes(folder.resolve(NAME + ".sse"));
            int[] sizes = json.readValue(folder.resolve(NAME + ".chunks.json").toFile(), int[].class);
            StringBuilder text = new StringBuilder();
            long tokens = 0;
            for (String line : new String(body, java.nio.charset.StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("data: {")) {
                    JsonNode chunk = json.readTree(line.substring(6));
                    text.append(chunk.path("choices")
                            .path(0)
                            .path("delta")
                            .path("content")
                            .asString(""));
                    tokens = chunk.path("usage").path("completion_tokens").asLong(tokens);
                }
            }
            return new RecordedAnswer(body, sizes, text.toString(), tokens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path recordings() {
        String named = System.getProperty("recordings");
        if (named != null) {
            return Path.of(named);
        }
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        return root.resolveSibling("shared").resolve("recordings");
    }
}
