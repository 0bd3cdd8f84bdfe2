package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.NativeContent;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a decoder made of a body, held against the rules that every stream of events keeps. */
public final class DecodedAnswer implements ChatEventSink {

    private final List<ChatEvent> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final Map<String, StringBuilder> openBlocks = new LinkedHashMap<>();
    private final Map<String, String> toolNames = new LinkedHashMap<>();
    /** By kind and id, in the order in which blocks began; null until the block ends. */
    private final Map<String, @Nullable Content> content = new LinkedHashMap<>();

    private int length;
    private boolean completed;
    private @Nullable ChatException failure;

    public static DecodedAnswer of(StreamDecoder decoder, byte[] body) {
        return of(decoder, body, Math.max(1, body.length));
    }

    /** Decodes a body that comes in pieces of one size. */
    public static DecodedAnswer of(StreamDecoder decoder, byte[] body, int size) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < body.length; from += size) {
            pieces.add(Arrays.copyOfRange(body, from, Math.min(body.length, from + size)));
        }
        return of(decoder, pieces);
    }

    public static DecodedAnswer of(StreamDecoder decoder, String body) {
        return of(decoder, body.getBytes(StandardCharsets.UTF_8));
    }

    public static DecodedAnswer of(StreamDecoder decoder, List<byte[]> pieces) {
        DecodedAnswer answer = new DecodedAnswer();
        try {
            for (byte[] piece : pieces) {
                decoder.decode(ByteBuffer.wrap(piece), answer);
                if (answer.completed) {
                    return answer;
                }
            }
            decoder.end(answer);
        } catch (ChatException thrown) {
            answer.failure = thrown;
        }
        return answer;
    }

    @Override
    public void next(ChatEvent event) {
        require(!completed, "an event after completion: " + event);
        require(events.isEmpty() == event instanceof ResponseStart, "ResponseStart must be first, and once: " + event);
        events.add(event);
        if (event instanceof TextStart start) {
            open("text " + start.blockId());
        } else if (event instanceof TextDelta delta) {
            text.append(append("text " + delta.blockId(), delta.text()));
        } else if (event instanceof TextEnd end) {
            String block = "text " + end.blockId();
            content.put(block, new Content.Text(close(block), end.metadata()));
        } else if (event instanceof ReasoningStart start) {
            open("reasoning " + start.blockId());
        } else if (event instanceof ReasoningDelta delta) {
            reasoning.append(append("reasoning " + delta.blockId(), delta.text()));
        } else if (event instanceof ReasoningEnd end) {
            String block = "reasoning " + end.blockId();
            content.put(block, new Content.Reasoning(close(block), end.metadata()));
        } else if (event instanceof ToolCallStart start) {
            open("call " + start.callId());
            toolNames.put(start.callId(), start.toolName());
        } else if (event instanceof ToolCallDelta delta) {
            append("call " + delta.callId(), delta.argumentsJson());
        } else if (event instanceof ToolCallEnd end) {
            String id = end.callId();
            String block = "call " + id;
            content.put(
                    block,
                    new Content.ToolUse(
                            new ToolCall(id, toolNames.get(id), close(block), end.complete(), end.metadata())));
        } else if (event instanceof Refusal part) {
            refusal.append(part.text());
            length += part.text().length();
        } else if (event instanceof NativeContent piece) {
            content.put("native-" + content.size(), piece.content());
        } else if (event instanceof ResponseEnd) {
            require(openBlocks.isEmpty(), "left open: " + openBlocks.keySet());
        }
    }

    private void open(String id) {
        require(!content.containsKey(id), "an id used twice: " + id);
        openBlocks.put(id, new StringBuilder());
        content.put(id, null);
    }

    private String append(String id, String fragment) {
        require(!fragment.isEmpty(), "an empty fragment");
        require(openBlocks.containsKey(id), "a fragment of what is not open: " + id);
        StringBuilder before = openBlocks.get(id);
        require(
                before.isEmpty() || !Character.isSurrogatePair(before.charAt(before.length() - 1), fragment.charAt(0)),
                "fragments that cut a surrogate pair: " + id);
        before.append(fragment);
        length += fragment.length();
        return fragment;
    }

    private String close(String id) {
        StringBuilder whole = openBlocks.remove(id);
        require(whole != null, "an end of what is not open: " + id);
        return String.valueOf(whole);
    }

    @Override
    public void complete() {
        require(!completed && !events.isEmpty(), "completed without an answer");
        require(events.get(events.size() - 1) instanceof ResponseEnd, "completed without ResponseEnd");
        completed = true;
    }

    private static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw new AssertionError(otherwise);
        }
    }

    public List<ChatEvent> events() {
        return events;
    }

    public <T extends ChatEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public String text() {
        return text.toString();
    }

    public String reasoning() {
        return reasoning.toString();
    }

    public String refusal() {
        return refusal.toString();
    }

    /** Characters of all that was said, arguments of tool calls included. */
    public int length() {
        return length;
    }

    public List<ToolCall> toolCalls() {
        return content.values().stream()
                .filter(Content.ToolUse.class::isInstance)
                .map(use -> ((Content.ToolUse) use).call())
                .toList();
    }

    public ToolCall toolCall() {
        require(toolCalls().size() == 1, "not one tool call: " + toolCalls());
        return toolCalls().get(0);
    }

    /** The pieces in the order in which they began. */
    public List<Content> content() {
        return new ArrayList<>(content.values());
    }

    /** The answer as a turn to send back. */
    public Message.Assistant message() {
        return new Message.Assistant(content());
    }

    public ResponseStart start() {
        return (ResponseStart) events.get(0);
    }

    public ResponseEnd end() {
        require(completed, "not complete: " + failure);
        return (ResponseEnd) events.get(events.size() - 1);
    }

    public boolean completed() {
        return completed;
    }

    public ChatException failure() {
        require(failure != null, "no failure");
        return failure;
    }

    public boolean failed() {
        return failure != null;
    }
}
