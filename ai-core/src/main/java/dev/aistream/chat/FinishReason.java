package dev.aistream.chat;

/** Why an answer ended. Closed on our side; what a provider adds is {@link #OTHER} with its word kept raw. */
public enum FinishReason {
    /** The model came to its own end, or met a stop sequence. */
    STOP,
    /** The limit of tokens or of the context window was reached. */
    LENGTH,
    /** The model asks for tools to be run. */
    TOOL_CALLS,
    /** The provider withheld the answer or the rest of it, or the model refused. */
    CONTENT_FILTER,
    /** The provider paused a long turn; send the answer back to let it go on. */
    PAUSE,
    /** The provider says that the answer failed. */
    ERROR,
    /** A reason that this release does not know. */
    OTHER
}
