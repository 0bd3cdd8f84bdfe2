package dev.aistream.provider.anthropic;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderErrors;
import dev.aistream.provider.SseStreamDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the events of one answer of the Messages API into {@link ChatEvent}s.
 *
 * <pre>
 *          message_start            message_delta            message_stop
 *  (begin) -------------> answering --------------> answered ------------> ended
 *                          |     ^                     |  end of file         ^
 *      content_block_start |     | content_block_stop  +----------------------+
 *                          v     |
 *                       blocks, by index, several open at once
 * </pre>
 *
 * <p>Events are told apart by the type in their data, for gateways leave the type of the event out; one that is called
 * {@code error} is one all the same. A second {@code message_start} cuts the blocks that are open: the provider began
 * anew, with another model perhaps.
 */
final class AnthropicStreamDecoder extends SseStreamDecoder {

    /** Of a message, what has a name here, and what is filled in later. */
    private static final Set<String> NAMED = Set.of("type", "role", "content", "usage", "id", "model", "stop_reason");

    private final boolean includeRaw;
    private final AnswerWriter answer;
    private final AnthropicBlocks blocks;
    private final AnthropicEvent event = new AnthropicEvent();
    private final Map<String, @Nullable Object> usage = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    private @Nullable String stopReason;
    /** That of the message's start: it counts where no delta has one, and does not make an answer whole by itself. */
    private @Nullable String firstStopReason;

    private boolean ended;

    AnthropicStreamDecoder(
            ResponseHead head, int maxLineLength, String provider, List<String> warnings, boolean includeRaw) {
        super(head, maxLineLength);
        this.includeRaw = includeRaw;
        this.answer = new AnswerWriter(provider, warnings, head);
        this.blocks = new AnthropicBlocks(provider, answer);
    }

    @Override
    protected void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
        if (ended) {
            return;
        }
        if (isDone(data, offset, length)) {
            onEnd(out);
            return;
        }
        if (type.equals(ERROR)) {
            onError(data, offset, length, out);
        }
        event.read(type, data, offset, length);
        if (includeRaw) {
            raw(out);
        }
        switch (event.type()) {
            case AnthropicWire.CONTENT_BLOCK_DELTA -> onDelta(out);
            case AnthropicWire.CONTENT_BLOCK_START -> onBlockStart(out);
            case AnthropicWire.CONTENT_BLOCK_STOP -> blocks.stop(event.index(), out);
            case AnthropicWire.MESSAGE_START -> onMessageStart(out);
            case AnthropicWire.MESSAGE_DELTA -> onMessageDelta();
            case AnthropicWire.MESSAGE_STOP -> complete(out);
            case AnthropicWire.PING -> {}
            case AnthropicWire.ERROR -> throw ProviderErrors.inStream(event.value(), head());
            default -> onUnknown(out);
        }
    }

    private void raw(ChatEventSink out) {
        answer.raw(new ChatEvent.Raw(event.typeName(), event.json()), out);
    }

    /** The event's own name counts: data of another type are an error too. */
    private void onError(byte[] data, int offset, int length, ChatEventSink out) {
        if (includeRaw) {
            answer.raw(new ChatEvent.Raw(ERROR, new String(data, offset, length, StandardCharsets.UTF_8)), out);
        }
        throw ProviderErrors.inStream(data, offset, length, head());
    }

    private void onDelta(ChatEventSink out) {
        int member = event.deltaMember();
        boolean taken = member == AnthropicWire.CITATION
                ? blocks.citation(event.index(), event.citation())
                : member >= 0 && blocks.fragment(event.index(), member, event.fragment(), out);
        if (!taken && !includeRaw) {
            raw(out);
        }
    }

    private void onBlockStart(ChatEventSink out) {
        if (!(event.value(AnthropicWire.CONTENT_BLOCK) instanceof Map<?, ?> block)) {
            return;
        }
        String input = event.json(AnthropicWire.CONTENT_BLOCK, AnthropicWire.INPUT);
        boolean hosted = blocks.start(event.index(), asObject(block), input, out);
        if (hosted && !includeRaw) {
            // A tool that the provider runs may take long: that it has begun is news by itself.
            answer.output(new ChatEvent.Raw(event.typeName(), event.json()), out);
        }
    }

    private void onMessageStart(ChatEventSink out) {
        blocks.cut(out);
        if (!(event.value(AnthropicWire.MESSAGE) instanceof Map<?, ?> message)) {
            return;
        }
        Object id = message.get("id");
        Object model = message.get("model");
        if (answer.started()) {
            keep("id", id);
            keep("model", model);
        } else {
            answer.id(id == null ? null : id.toString());
            answer.model(model == null ? null : model.toString());
        }
        mergeUsage(message.get("usage"));
        asObject(message).forEach((name, value) -> {
            if (!NAMED.contains(name)) {
                keep(name, value);
            }
        });
        firstStopReason = message.get("stop_reason") instanceof String reason ? reason : null;
        if (message.get("content") instanceof List<?> content) {
            content.forEach(block -> onWholeBlock(block, out));
        }
    }

    /** A call that waited, as one of code that the provider runs does, comes with the message itself. */
    private void onWholeBlock(@Nullable Object block, ChatEventSink out) {
        if (block instanceof Map<?, ?> whole) {
            Object input = whole.get("input");
            blocks.whole(
                    asObject(whole), input == null ? null : JsonMapper.shared().writeValueAsString(input), out);
        }
    }

    private void onMessageDelta() {
        mergeUsage(event.value(AnthropicWire.USAGE));
        if (event.value(AnthropicWire.DELTA) instanceof Map<?, ?> delta) {
            asObject(delta).forEach((name, value) -> {
                if (name.equals("stop_reason")) {
                    stopReason = value == null ? stopReason : value.toString();
                } else {
                    keep(name, value);
                }
            });
        }
    }

    /** Counts are cumulative: the later one stands, and a null is nothing. */
    private void mergeUsage(@Nullable Object counts) {
        if (counts instanceof Map<?, ?> map) {
            asObject(map).forEach((name, value) -> {
                if (value != null) {
                    usage.put(name, value);
                }
            });
        }
    }

    private void keep(String name, @Nullable Object value) {
        if (value != null) {
            metadata.put(name, value);
        }
    }

    private void onUnknown(ChatEventSink out) {
        Object whole = event.value(AnthropicWire.ERROR_MEMBER) == null ? null : event.value();
        if (ProviderErrors.isError(whole)) {
            throw ProviderErrors.inStream(whole, head());
        }
        if (!includeRaw) {
            raw(out);
        }
    }

    @Override
    public boolean completable() {
        return stopReason != null;
    }

    /** A stop reason is the last word about the answer: with one, a missing {@code message_stop} takes nothing away. */
    @Override
    protected void onEnd(ChatEventSink out) {
        if (ended) {
            return;
        }
        if (stopReason == null) {
            throw interrupted();
        }
        complete(out);
    }

    private void complete(ChatEventSink out) {
        ended = true;
        stopReason = stopReason == null ? firstStopReason : stopReason;
        answer.start(out);
        FinishReason finishReason = AnthropicWire.finishReason(stopReason);
        blocks.end(finishReason == FinishReason.LENGTH, out);
        answer.end(
                new ChatEvent.ResponseEnd(
                        finishReason, stopReason, usage.isEmpty() ? null : AnthropicWire.usage(usage), metadata),
                out);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> asObject(Map<?, ?> json) {
        return (Map<String, @Nullable Object>) json;
    }
}
