package dev.aistream.chat;

/** What the simulated provider plays; the chapter's {@code test_mode}. Other providers never see it. */
public enum TestMode {
    /** A short answer in a few fragments. */
    BASIC,
    /** A longer answer with everything that OpenAI's wire has: role, usage, fingerprint, {@code [DONE]}. */
    OPENAI,
    /** An answer of several lines, each event spread over several {@code data} lines. */
    MULTI_LINE,
    /** A few fragments, then the provider's error. */
    ERROR
}
