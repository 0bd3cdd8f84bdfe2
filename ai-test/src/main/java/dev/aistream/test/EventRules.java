package dev.aistream.test;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a stream against what {@link ChatEvent} promises: one start, one end, blocks opened and closed. */
final class EventRules {

    private final List<String> violations = new ArrayList<>();
    private final Set<String> open = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final Map<String, Character> lastCharacter = new HashMap<>();
    private boolean started;
    private boolean ended;

    private EventRules() {}

    static List<String> violations(List<ChatEvent> events, @Nullable Throwable failure) {
        EventRules rules = new EventRules();
        events.forEach(rules::check);
        rules.checkEnding(failure);
        return List.copyOf(rules.violations);
    }

    private void check(ChatEvent event) {
        if (ended) {
            violations.add(event + " after ResponseEnd");
        }
        if (!started && !(event instanceof ChatEvent.ResponseStart)) {
            violations.add(event + " before ResponseStart");
        }
        if (event instanceof ChatEvent.ResponseStart) {
            if (started) {
                violations.add("a second ResponseStart");
            }
            started = true;
        } else if (event instanceof ChatEvent.ResponseEnd) {
            ended = true;
        } else {
            checkBlock(event);
        }
    }

    private void checkBlock(ChatEvent event) {
        if (event instanceof ChatEvent.TextStart start) {
            open("text " + start.blockId());
        } else if (event instanceof ChatEvent.TextDelta delta) {
            fragment("text " + delta.blockId(), delta.text());
        } else if (event instanceof ChatEvent.TextEnd end) {
            close("text " + end.blockId());
        } else if (event instanceof ChatEvent.ReasoningStart start) {
            open("reasoning " + start.blockId());
        } else if (event instanceof ChatEvent.ReasoningDelta delta) {
            fragment("reasoning " + delta.blockId(), delta.text());
        } else if (event instanceof ChatEvent.ReasoningEnd end) {
            close("reasoning " + end.blockId());
        } else if (event instanceof ChatEvent.ToolCallStart start) {
            open("call " + start.callId());
        } else if (event instanceof ChatEvent.ToolCallDelta delta) {
            fragment("call " + delta.callId(), delta.argumentsJson());
        } else if (event instanceof ChatEvent.ToolCallEnd end) {
            close("call " + end.callId());
        } else if (event instanceof ChatEvent.Refusal refusal) {
            whole("refusal", refusal.text());
        }
    }

    private void open(String block) {
        if (closed.contains(block) || !open.add(block)) {
            violations.add(block + " begins twice");
        }
    }

    private void fragment(String block, String text) {
        if (!open.contains(block)) {
            violations.add("a fragment of " + block + ", which is not open");
        }
        whole(block, text);
    }

    private void whole(String block, String text) {
        if (text.isEmpty()) {
            violations.add("an empty fragment of " + block);
            return;
        }
        Character before = lastCharacter.put(block, text.charAt(text.length() - 1));
        if (before != null && Character.isSurrogatePair(before, text.charAt(0))) {
            violations.add("fragments of " + block + " that cut a surrogate pair");
        }
    }

    private void close(String block) {
        if (!open.remove(block)) {
            violations.add("the end of " + block + ", which is not open");
        }
        closed.add(block);
    }

    private void checkEnding(@Nullable Throwable failure) {
        if (failure == null) {
            if (!ended) {
                violations.add("completed without ResponseEnd");
            }
            if (!open.isEmpty()) {
                violations.add("completed with " + open + " open");
            }
        } else {
            if (ended) {
                violations.add("failed after ResponseEnd");
            }
            if (!(failure instanceof ChatException)) {
                violations.add("failed with " + failure.getClass().getName() + ", not with ChatException");
            }
        }
    }
}
