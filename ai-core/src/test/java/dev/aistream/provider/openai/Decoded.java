package dev.aistream.provider.openai;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.Refusal;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.ToolCallDelta;
import dev.aistream.chat.ChatEvent.ToolCallEnd;
import dev.aistream.chat.ChatEvent.ToolCallStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import dev.aistream.chat.ToolCall;
import dev.aistream.provider.ChatEventSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the decoder made of a body. */
record Decoded(
        List<ChatEvent> events, boolean completed, @Nullable RuntimeException failure) {

    static final ResponseHead HEAD = new ResponseHead(200, Map.of("content-type", List.of("text/event-stream")));

    static Decoded of(String body) {
        return whole(body.getBytes(StandardCharsets.UTF_8));
    }

    /** One of the streams in the test resources. */
    static Decoded stream(String name) {
        return whole(resource(name));
    }

    static byte[] resource(String name) {
        try (InputStream in = Decoded.class.getResourceAsStream("/openai/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Decoded whole(byte[] body) {
        return cut(decoder(false), body, body.length);
    }

    static OpenAiStreamDecoder decoder(boolean includeRaw) {
        return new OpenAiStreamDecoder("openai", List.of(), HEAD, 1 << 20, includeRaw);
    }

    /** Feeds the body in pieces of this size. */
    static Decoded cut(OpenAiStreamDecoder decoder, byte[] body, int size) {
        Recorder out = new Recorder();
        try {
            for (int at = 0; at < body.length && !out.completed; at += size) {
                decoder.decode(ByteBuffer.wrap(body, at, Math.min(size, body.length - at)), out);
            }
            if (!out.completed) {
                decoder.end(out);
            }
            return new Decoded(out.events, out.completed, null);
        } catch (RuntimeException failure) {
            return new Decoded(out.events, out.completed, failure);
        }
    }

    /** Feeds what may be the beginning of a body. */
    static void feed(OpenAiStreamDecoder decoder, byte[] bytes) {
        decoder.decode(ByteBuffer.wrap(bytes), new Recorder());
    }

    /** Feeds the body in two pieces. */
    static Decoded split(byte[] body, int at) {
        OpenAiStreamDecoder decoder = decoder(false);
        Recorder out = new Recorder();
        try {
            decoder.decode(ByteBuffer.wrap(body, 0, at), out);
            decoder.decode(ByteBuffer.wrap(body, at, body.length - at), out);
            if (!out.completed) {
                decoder.end(out);
            }
            return new Decoded(out.events, out.completed, null);
        } catch (RuntimeException failure) {
            return new Decoded(out.events, out.completed, failure);
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        each(TextDelta.class).forEach(delta -> text.append(delta.text()));
        return text.toString();
    }

    String reasoning() {
        StringBuilder reasoning = new StringBuilder();
        each(ReasoningDelta.class).forEach(delta -> reasoning.append(delta.text()));
        return reasoning.toString();
    }

    @Nullable
    String refusal() {
        List<Refusal> refusals = each(Refusal.class);
        StringBuilder refusal = new StringBuilder();
        refusals.forEach(fragment -> refusal.append(fragment.text()));
        return refusals.isEmpty() ? null : refusal.toString();
    }

    List<ToolCall> toolCalls() {
        Map<String, StringBuilder> arguments = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, ToolCallEnd> ends = new LinkedHashMap<>();
        for (ChatEvent event : events) {
            if (event instanceof ToolCallStart start) {
                names.put(start.callId(), start.toolName());
                arguments.put(start.callId(), new StringBuilder());
            } else if (event instanceof ToolCallDelta delta) {
                arguments.get(delta.callId()).append(delta.argumentsJson());
            } else if (event instanceof ToolCallEnd end) {
                ends.put(end.callId(), end);
            }
        }
        List<ToolCall> calls = new ArrayList<>();
        names.forEach((id, name) -> {
            ToolCallEnd end = ends.get(id);
            calls.add(new ToolCall(
                    id,
                    name,
                    arguments.get(id).toString(),
                    end != null && end.complete(),
                    end == null ? Map.of() : end.metadata()));
        });
        return calls;
    }

    ResponseEnd end() {
        return (ResponseEnd) events.get(events.size() - 1);
    }

    ChatException chatFailure() {
        if (failure instanceof ChatException chat) {
            return chat;
        }
        throw new AssertionError("no ChatException: " + failure);
    }

    <T> List<T> each(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The same without the failure's identity, to compare runs. */
    String outcome() {
        StringBuilder outcome = new StringBuilder();
        for (ChatEvent event : events) {
            outcome.append(event);
            if (event instanceof TextDelta delta) {
                outcome.append(delta.text());
            } else if (event instanceof ReasoningDelta delta) {
                outcome.append(delta.text());
            } else if (event instanceof ToolCallDelta delta) {
                outcome.append(delta.argumentsJson());
            } else if (event instanceof Refusal refusal) {
                outcome.append(refusal.text());
            } else if (event instanceof ChatEvent.Raw raw) {
                outcome.append(raw.json());
            } else if (event instanceof ChatEvent.NativeContent content) {
                outcome.append(content.content().value());
            }
            outcome.append('\n');
        }
        return outcome.append(completed).append(' ').append(failure).toString();
    }

    private static final class Recorder implements ChatEventSink {

        private final List<ChatEvent> events = new ArrayList<>();
        private boolean completed;

        @Override
        public void next(ChatEvent event) {
            if (!completed) {
                events.add(event);
            }
        }

        @Override
        public void complete() {
            completed = true;
        }
    }
}
