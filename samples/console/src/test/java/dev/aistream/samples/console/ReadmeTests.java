package dev.aistream.samples.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Keeps the README's code equal to code that is compiled and tested. A block quotes the region
 * {@code // snippet: name} to {@code // end} of a file when {@code <!-- snippet: path#name -->} stands above it, and a
 * whole file from its first type on with {@code <!-- snippet: path -->}.
 */
class ReadmeTests {

    private static final Path ROOT = root();
    private static final Pattern QUOTE =
            Pattern.compile("<!-- snippet: (\\S+?)(?:#(\\S+))? -->\\s*```\\w+\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVA_BLOCK = Pattern.compile("^```java", Pattern.MULTILINE);

    @TestFactory
    List<DynamicTest> everyJavaBlockIsQuotedFromCompiledCode() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<DynamicTest> tests = new ArrayList<>();
        Matcher quote = QUOTE.matcher(readme);
        while (quote.find()) {
            String file = quote.group(1);
            String name = quote.group(2);
            String quoted = quote.group(3);
            tests.add(DynamicTest.dynamicTest(
                    file + (name == null ? "" : "#" + name),
                    () -> assertThat(quoted.strip()).isEqualTo(snippet(file, name))));
        }
        int quotes = tests.size();
        tests.add(DynamicTest.dynamicTest(
                "no block is without its source",
                () -> assertThat(JAVA_BLOCK.matcher(readme).results().count()).isEqualTo(quotes)));
        return tests;
    }

    private static String snippet(String file, String name) throws IOException {
        String code = Files.readString(ROOT.resolve(file));
        if (name == null) {
            return code.substring(code.indexOf("\n@")).strip();
        }
        Matcher region = Pattern.compile("// snippet: " + name + "\\n(.*?)\\n *// end", Pattern.DOTALL)
                .matcher(code);
        assertThat(region.find()).as("region %s in %s", name, file).isTrue();
        return region.group(1).stripIndent().strip();
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
