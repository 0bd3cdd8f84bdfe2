package dev.aistream.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies larger than the heap, in a JVM with 64 MB; {@code -Dfaults.megabytes=1024} makes the answers larger yet. */
class SmallHeapTests {

    private static final int MEGABYTES = Integer.getInteger("faults.megabytes", 100);

    /** Of one connection; Linux lets them grow to 36 MB where much was read. */
    private static final int MOST_IN_SOCKET_BUFFERS = 40;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void bodiesLargerThanTheHeapAreReadOrRefusedInIt() throws Exception {
        Map<String, String> outcomes = run();
        outcomes.forEach((body, outcome) -> System.out.println("64 MB of heap, " + body + ": " + outcome));
        assertThat(outcomes.get("a large answer, read whole")).startsWith("COMPLETE " + (MEGABYTES * 8000L / 8056));
        assertThat(outcomes.get("a large answer, unread")).startsWith("CANCELLED 1 event");
        assertThat(megabytesSent(outcomes.get("a large answer, unread"))).isLessThan(MOST_IN_SOCKET_BUFFERS);
        assertThat(outcomes.get("an endless line")).startsWith("TOO_LONG");
        assertThat(outcomes.get("an endless comment")).startsWith("COMPLETE");
        assertThat(outcomes.get("empty lines")).startsWith("COMPLETE");
        assertThat(outcomes.get("comments")).startsWith("COMPLETE");
        assertThat(outcomes.get("an event of many short lines")).startsWith("TOO_LONG");
        assertThat(outcomes.get("deep JSON")).matches("(TOO_LONG|MALFORMED) .*");
        assertThat(outcomes.get("deep JSON in lines")).matches("(TOO_LONG|MALFORMED) .*");
    }

    private static Map<String, String> run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        String.valueOf(MEGABYTES))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Map<String, String> outcomes = new LinkedHashMap<>();
        output.lines()
                .filter(line -> line.contains(": "))
                .forEach(line ->
                        outcomes.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2)));
        return outcomes;
    }

    private static long megabytesSent(String outcome) {
        String sent = outcome.substring(outcome.lastIndexOf(", ") + 2);
        return Long.parseLong(sent.substring(0, sent.indexOf(' ')));
    }
}
