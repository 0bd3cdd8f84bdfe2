package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversationTests {

    private final List<String> warnings = new ArrayList<>();

    private List<Message> sendable(Message... messages) {
        return Conversation.sendable(List.of(messages), "acme", warnings);
    }

    private static Message.ToolResult result(String id) {
        return new Message.ToolResult(id, "tool", "of " + id, false);
    }

    private static Message.Assistant calls(ToolCall... calls) {
        return new Message.Assistant(List.of(calls).stream()
                .map(Content.ToolUse::new)
                .map(Content.class::cast)
                .toList());
    }

    @Test
    void leavesAsItIsWhatCanBeSent() {
        Message[] messages = {
            Message.system("s"),
            Message.user("u"),
            calls(new ToolCall("1", "tool", "{}")),
            result("1"),
            Message.user("v")
        };

        assertThat(sendable(messages)).containsExactly(messages);
        assertThat(warnings).isEmpty();
    }

    @Test
    void resultsFollowTheirCalls() {
        Message.Assistant calls = calls(new ToolCall("1", "tool", "{}"), new ToolCall("2", "tool", "{}"));

        assertThat(sendable(calls, result("1"), Message.user("wait"), Message.system("s"), result("2")))
                .containsExactly(calls, result("1"), result("2"), Message.user("wait"), Message.system("s"));
    }

    @Test
    void leavesOutCutCallsWithTheirResults() {
        ToolCall cut = new ToolCall("1", "tool", "{\"a", false, Map.of());

        assertThat(sendable(Message.user("u"), calls(cut), result("1"), Message.user("v")))
                .containsExactly(Message.user("u"), Message.user("v"));
        assertThat(warnings).containsExactly("A call of tool that was cut is not sent");
    }

    @Test
    void leavesOutWhatOnlyAnotherProviderUnderstands() {
        Content.Native own = new Content.Native("acme", Map.of("type", "search"));
        Content.Native foreign = new Content.Native("other", Map.of("type", "search"));

        assertThat(sendable(new Message.Assistant(List.of(own, foreign)), Message.user(foreign)))
                .containsExactly(new Message.Assistant(List.of(own)));
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("other"));
    }
}
