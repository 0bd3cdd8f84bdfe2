package dev.aistream.benchmarks.macro;

/** An OpenAI chat completion: what each of its events is, what comes before them and what after. */
enum WireChunk {

    /** Text that begins with a time. */
    TEXT("\"content\":\" " + WireChunk.STAMP + " ", "\"", "", "stop"),

    /** Arguments of one tool call, all of them one JSON string. */
    TOOL(
            "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\" ",
            "\"}}]",
            "\"tool_calls\":[{\"index\":0,\"id\":\"call_7\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"write\",\"arguments\":\"{\\\"text\\\":\\\"\"}}]",
            "tool_calls") {

        @Override
        String last() {
            return around("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"}\"}}]") + super.last();
        }
    },

    /** Reasoning as DeepSeek and others send it. */
    REASONING("\"reasoning_content\":\" ", "\"", "", "stop");

    /** Bytes of one event of text or reasoning; one of arguments has a few more. */
    static final int EVENT_BYTES = 270;

    /** Where the time stands in a text: nanoseconds, zeros before it. */
    static final String STAMP = "0000000000000000000";

    static final int STAMP_DIGITS = 19;

    private static final int LEAST_PIECE = 2;

    private static final String BEFORE = "data: {\"id\":\"chatcmpl-Bq3hJ9kXc0yTzVwE7uLs5RfNdGa2P\",\"object\":"
            + "\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"gpt-4o-mini-2024-07-18\","
            + "\"system_fingerprint\":\"fp_560af6e559\",\"choices\":[{\"index\":0,\"delta\":{";
    private static final String AFTER = "},\"finish_reason\":null}]}\n\n";
    private static final String FINISHED = "data: {\"id\":\"chatcmpl-Bq3hJ9kXc0yTzVwE7uLs5RfNdGa2P\",\"object\":"
            + "\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":"
            + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}\n\ndata: [DONE]\n\n";

    private final String event;
    private final String first;
    private final String finishReason;

    WireChunk(String open, String close, String opening, String finishReason) {
        String empty = around(open + close);
        this.event = around(open + "t".repeat(Math.max(LEAST_PIECE, EVENT_BYTES - empty.length())) + close);
        this.first = opening.isEmpty() ? "" : around(opening);
        this.finishReason = finishReason;
    }

    static String around(String delta) {
        return BEFORE + delta + AFTER;
    }

    /** An event of the middle. */
    String event() {
        return event;
    }

    /** The event before those, or nothing. */
    String first() {
        return first;
    }

    /** The events after them. */
    String last() {
        return String.format(FINISHED, finishReason);
    }

    /** Characters of the piece in one event. */
    int pieceChars() {
        int from = event.indexOf("\" ") + 1;
        return event.indexOf('"', from) - from;
    }
}
