package dev.aistream.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of recorded provider streams: {@code <provider>/<name>.sse} and its kin, with an {@code EXPECTED.json}
 * that says what an independent reader found in each.
 *
 * <p>The folder is the system property {@code recordings} where there is one, otherwise {@code shared/recordings}
 * beside the repository that the working directory belongs to.
 */
public final class Recordings {

    /** System property that names another folder. */
    public static final String PROPERTY = "recordings";

    private static final String EXPECTED = "EXPECTED.json";

    private final Path folder;

    private Recordings(Path folder) {
        this.folder = folder;
    }

    /** The recordings of this machine; empty where the default folder is absent. */
    public static Optional<Recordings> find() {
        String property = System.getProperty(PROPERTY);
        if (property != null && !property.isBlank()) {
            return Optional.of(in(resolve(Path.of(property))));
        }
        return repository()
                .map(root -> root.resolveSibling("shared").resolve("recordings"))
                .filter(Files::isDirectory)
                .map(Recordings::in);
    }

    /** The recordings of a folder, which must exist. */
    public static Recordings in(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no folder of recordings: " + folder.toAbsolutePath());
        }
        return new Recordings(folder);
    }

    public Path folder() {
        return folder;
    }

    /** Every recording below the folder or in its {@code EXPECTED.json}, ordered by name. */
    public List<Recording> all() {
        Map<String, @Nullable RecordedAnswer> answers = new TreeMap<>();
        files().stream().filter(Recordings::isRecording).forEach(name -> answers.put(name, null));
        expected().forEachEntry((name, answer) -> answers.put(name, RecordedAnswer.of(answer)));
        List<Recording> recordings = new ArrayList<>();
        answers.forEach((name, answer) -> recordings.add(new Recording(name, folder.resolve(name), answer)));
        return List.copyOf(recordings);
    }

    private JsonNode expected() {
        Path file = folder.resolve(EXPECTED);
        JsonMapper json = JsonMapper.shared();
        return Files.exists(file) ? json.readTree(file.toFile()) : json.createObjectNode();
    }

    private List<String> files() {
        try (Stream<Path> paths = Files.walk(folder, 2)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> !folder.equals(path.getParent()))
                    .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRecording(String name) {
        return !name.endsWith(".request.json")
                && !name.endsWith(".chunks.json")
                && (name.endsWith(".sse")
                        || name.endsWith(".ndjson")
                        || name.endsWith(".json")
                        || name.endsWith(".chunks.txt"));
    }

    private static Path resolve(Path named) {
        if (named.isAbsolute() || Files.isDirectory(named)) {
            return named;
        }
        return repository().map(root -> root.resolve(named)).orElse(named);
    }

    private static Optional<Path> repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return Optional.ofNullable(directory);
    }
}
