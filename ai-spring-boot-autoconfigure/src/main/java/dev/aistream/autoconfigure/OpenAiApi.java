package dev.aistream.autoconfigure;

/** Which of OpenAI's interfaces is called. */
public enum OpenAiApi {
    /** Chat Completions, which many servers speak. */
    CHAT,
    /** Responses: hosted tools, reasoning summaries, answers that go on after a cut. */
    RESPONSES
}
