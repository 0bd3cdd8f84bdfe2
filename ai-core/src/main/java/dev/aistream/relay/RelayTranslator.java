package dev.aistream.relay;

import dev.aistream.chat.ChatEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What of an answer a browser is told, and in which words. One per relayed answer; not thread-safe. */
final class RelayTranslator {

    /** All open calls together; what goes beyond is cut, and the call told as incomplete. */
    static final int MAX_ARGUMENTS_CHARS = 1024 * 1024;

    private final RelayBacklog backlog;
    private final long startNanos;
    private @Nullable Map<String, OpenCall> openCalls;
    private int argumentsChars;
    private @Nullable Long toFirstTokenMillis;
    private boolean whole;

    RelayTranslator(RelayBacklog backlog, long startNanos) {
        this.backlog = backlog;
        this.startNanos = startNanos;
    }

    /** Whether the answer has come to its end. */
    boolean isWhole() {
        return whole;
    }

    void accept(ChatEvent event) {
        if (event instanceof ChatEvent.TextDelta delta) {
            text("chunk", delta.text());
        } else if (event instanceof ChatEvent.ReasoningDelta delta) {
            text("reasoning", delta.text());
        } else if (event instanceof ChatEvent.Refusal refusal) {
            text("refusal", refusal.text());
        } else if (event instanceof ChatEvent.ToolCallStart start) {
            noteFirstToken();
            openCalls().put(start.callId(), new OpenCall(start.toolName()));
        } else if (event instanceof ChatEvent.ToolCallDelta delta) {
            collect(delta);
        } else if (event instanceof ChatEvent.ToolCallEnd end) {
            finish(end);
        } else if (event instanceof ChatEvent.ResponseEnd end) {
            whole = true;
            backlog.addMessage(
                    "complete",
                    RelayJson.complete(end.finishReason(), end.usage(), toFirstTokenMillis, elapsedMillis()));
        }
    }

    private void text(String event, String text) {
        noteFirstToken();
        if (!text.isEmpty()) {
            backlog.addText(event, text);
        }
    }

    private void noteFirstToken() {
        if (toFirstTokenMillis == null) {
            toFirstTokenMillis = elapsedMillis();
        }
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    private Map<String, OpenCall> openCalls() {
        if (openCalls == null) {
            openCalls = new LinkedHashMap<>();
        }
        return openCalls;
    }

    private void collect(ChatEvent.ToolCallDelta delta) {
        OpenCall call = openCalls().get(delta.callId());
        if (call == null) {
            return;
        }
        int room = MAX_ARGUMENTS_CHARS - argumentsChars;
        String fragment = delta.argumentsJson();
        call.cut |= fragment.length() > room;
        int taken = Math.min(fragment.length(), room);
        call.arguments.append(fragment, 0, taken);
        argumentsChars += taken;
    }

    private void finish(ChatEvent.ToolCallEnd end) {
        OpenCall call = openCalls().remove(end.callId());
        if (call == null) {
            return;
        }
        argumentsChars -= call.arguments.length();
        backlog.addMessage(
                "tool-call",
                RelayJson.toolCall(end.callId(), call.name, call.arguments.toString(), end.complete() && !call.cut));
    }

    private static final class OpenCall {

        private final String name;
        private final StringBuilder arguments = new StringBuilder();
        private boolean cut;

        OpenCall(String name) {
            this.name = name;
        }
    }
}
