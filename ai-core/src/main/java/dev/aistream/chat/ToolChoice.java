package dev.aistream.chat;

/** Whether the model may, must or must not ask for a tool. */
public sealed interface ToolChoice {

    /** The model decides. */
    ToolChoice AUTO = Mode.AUTO;

    /** No tool is called. */
    ToolChoice NONE = Mode.NONE;

    /** Some tool is called. */
    ToolChoice REQUIRED = Mode.REQUIRED;

    static ToolChoice tool(String name) {
        return new Named(name);
    }

    enum Mode implements ToolChoice {
        AUTO,
        NONE,
        REQUIRED
    }

    /**
     * Exactly this tool is called.
     *
     * @param name name of one of the request's tools
     */
    record Named(String name) implements ToolChoice {}
}
