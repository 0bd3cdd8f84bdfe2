package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/** The beans as a native image has them: defined by code that was generated and compiled beforehand. */
class AotTests {

    @TempDir
    private Path directory;

    @Test
    void generatedDefinitionsGiveTheSameTemplate() throws Exception {
        generate(
                "--ai.openai.enabled=true",
                "--ai.anthropic.enabled=true",
                "--ai.simulated.enabled=true",
                "--ai.openai-compatible.vllm.model=local");
        compile();

        assertThat(start(
                        "--ai.openai.api-key=sk-run-time",
                        "--ai.anthropic.api-key=sk-run-time",
                        "--ai.openai-compatible.vllm.model=local"))
                .contains("Starting AOT-processed")
                .contains("providers: [openai, anthropic, simulated, vllm], text: true");
        assertThat(metadata())
                .contains(SimulatedProperties.class.getName())
                .contains(OpenAiProperties.class.getName())
                .contains("dev.aistream.chat.ChatEvent$TextDelta");
    }

    private void generate(String... arguments) {
        Settings settings = Settings.builder()
                .sourceOutput(directory.resolve("sources"))
                .resourceOutput(directory.resolve("classes"))
                .classOutput(directory.resolve("classes"))
                .groupId("dev.aistream")
                .artifactId("aot-test")
                .build();
        new SpringApplicationAotProcessor(AotApplication.class, settings, arguments).process();
    }

    private void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.walk(directory.resolve("sources"));
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes(), "-cp", classPath());
            assertThat(compiler.getTask(
                                    null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                            .call())
                    .isTrue();
        }
    }

    private String start(String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspring.aot.enabled=true",
                "-cp",
                classes() + File.pathSeparator + classPath(),
                AotApplication.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private String metadata() throws IOException {
        return Files.readString(
                directory.resolve("classes/META-INF/native-image/dev.aistream/aot-test/reachability-metadata.json"));
    }

    private String classes() {
        return directory.resolve("classes").toString();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
