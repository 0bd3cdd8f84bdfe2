package dev.aistream.benchmarks.macro;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process of its own. All get the same heap, whole from the start, so that none grows it while another has it. */
final class Jvm implements AutoCloseable {

    private static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private static final long LONGEST_SECONDS = 120;

    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;

    private Jvm(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** One of this module's. */
    static Jvm of(Path java, Class<?> main, List<String> arguments) throws IOException {
        return of(java, System.getProperty("java.class.path"), main.getName(), arguments);
    }

    static Jvm of(Path java, String classPath, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "--enable-native-access=ALL-UNNAMED"));
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        return new Jvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The executable of the JDK that runs this. */
    static Path running() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The next line of figures; other lines are passed over. */
    Figures read() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Figures figures = Figures.parse(line);
            if (!figures.values().isEmpty()) {
                return figures;
            }
        }
        throw new IOException(
                "The process ended: " + process.info().commandLine().orElse("?"));
    }

    int port() throws IOException {
        return (int) read().get("port");
    }

    /** What it answers to a line. Where that takes too long it is ended: one that hangs is not to hold up the others. */
    Figures ask(String line) throws IOException {
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS));
        try {
            tell(line);
            return read();
        } finally {
            end.cancel(false);
        }
    }

    /** A line whose answer is to be {@link #read}. */
    void tell(String line) {
        in.println(line);
    }

    @Override
    public void close() {
        in.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
