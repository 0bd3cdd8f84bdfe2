package dev.aistream.benchmarks.macro;

/** What every client is put through, in this order, which has the code of a call compiled before it is timed. */
enum Scenario {
    FIRST("first-6000", "First call of a JVM", "firstCallMillis", "earlyMillis"),
    BURST(
            "burst-100000-text",
            "Burst: one stream of 100,000 chunks, per chunk",
            "wallMicros",
            "cpuMicros",
            "bytes",
            "jitPercent"),
    PACED_2000(
            "paced-2000-200",
            "Paced: 2,000 streams, a chunk each 200 ms, per chunk",
            "cpuMicros",
            "bytes",
            "p50Millis",
            "p99Millis",
            "threads",
            "heapPerStream",
            "onTime",
            "complete",
            "jitPercent"),
    PACED_AT_ONCE(
            "open-2000-200",
            "Paced, floor and ours at once: 2,000 streams each, a chunk each 200 ms, per chunk",
            "cpuMicros",
            "bytes",
            "p50Millis",
            "p99Millis",
            "onTime",
            "complete",
            "jitPercent"),
    NEXT("next-1000", "First fragment", "medianMillis", "backToBackMillis", "cpuMicros", "bytes", "jitPercent");

    private final String command;
    private final String title;
    private final String[] figures;

    Scenario(String command, String title, String... figures) {
        this.command = command;
        this.title = title;
        this.figures = figures;
    }

    /** As {@link ClientMain} takes it. */
    String command() {
        return command;
    }

    Comparison comparison(String suffix) {
        return new Comparison(title + suffix, StreamClients.US, figures);
    }
}
