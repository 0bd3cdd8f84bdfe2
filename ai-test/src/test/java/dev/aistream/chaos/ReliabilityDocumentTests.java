package dev.aistream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReliabilityDocumentTests {

    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Tests|Contract))(?:#(\\w+))?`");

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        Map<String, String> sources = sources(root);
        String document = Files.readString(root.resolve("docs/reliability.md"));
        assertThat(TEST.matcher(document).results()).isNotEmpty().allSatisfy(test -> assertExists(test, sources));
    }

    private static void assertExists(MatchResult test, Map<String, String> sources) {
        assertThat(sources).containsKey(test.group(1));
        if (test.group(2) != null) {
            assertThat(sources.get(test.group(1))).contains("void " + test.group(2) + "(");
        }
    }

    private static Map<String, String> sources(Path root) throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(ReliabilityDocumentTests::javaFiles)
                    .collect(Collectors.toMap(
                            ReliabilityDocumentTests::className, ReliabilityDocumentTests::read, (a, b) -> a + b));
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try {
            return Files.walk(folder).filter(path -> path.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String className(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
