package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.AnswerWriter;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderErrors;
import dev.aistream.provider.SseStreamDecoder;
import dev.aistream.provider.responses.ResponsesItem.Ending;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the Responses API, over as many HTTP responses as it takes: a background response that was cut goes on
 * in the next, and what comes twice is taken once.
 *
 * <pre>
 *            response.created             response.completed, .incomplete
 *  (begin) -------------------> answering --------------------------------> ended
 *                                 |   ^     error, response.failed
 *         response.output_item.added  |   -------------------------------> failed
 *                                 v   | response.output_item.done
 *                        items, several open at once
 * </pre>
 *
 * <p>Not thread-safe, but handed from thread to thread safely; what a canceller needs may be read by any thread.
 */
final class ResponsesAnswer {

    /** Of a response, what has a name here, and what only repeats the request. */
    private static final Set<String> NOT_METADATA = Set.of(
            "id",
            "object",
            "model",
            "output",
            "usage",
            "error",
            "status",
            "instructions",
            "input",
            "prompt",
            "tools",
            "text");

    private static final Set<String> NOT_METADATA_OF_EVENT = Set.of("type", "sequence_number", "response");

    /** Of the last event, what is not needed again: the items were told one by one. */
    private static final Set<String> ECHO = Set.of("output", "instructions", "input", "prompt", "tools", "text");

    private static final Set<String> ECHO_OF_REQUEST = Set.of("instructions", "input", "prompt", "tools", "text");

    /** How a response may end, the worse the later. */
    private static final List<String> STATUSES = List.of("completed", "incomplete", "failed", "cancelled");

    private final boolean includeRaw;
    private final ResponseHead head;
    private final AnswerWriter answer;
    private final ResponsesItems items;
    private final ResponsesEvent event = new ResponsesEvent();
    /** Events up to this number came in an earlier HTTP response; servers that do not resume number as they like. */
    private long resumedAt = -1;

    private volatile String id = "";
    private volatile long position = -1;
    private volatile boolean complete;

    /**
     * An answer that begins.
     * @param head of the first HTTP response
     */
    ResponsesAnswer(String provider, List<String> warnings, boolean includeRaw, ResponseHead head) {
        this.includeRaw = includeRaw;
        this.head = head;
        this.answer = new AnswerWriter(provider, warnings, head);
        this.items = new ResponsesItems(provider, answer);
    }

    /** Id of the response, empty as long as it is not known. */
    String id() {
        return id;
    }

    /** Number of the last event that was taken, negative as long as there is none. */
    long position() {
        return position;
    }

    /** Whether the provider's last word was taken. */
    boolean complete() {
        return complete;
    }

    /** Whether the reader has seen the start of the answer. */
    boolean started() {
        return answer.started();
    }

    /** Another HTTP response goes on where the last one was cut. */
    void resume() {
        resumedAt = position;
    }

    /** Takes the next event. */
    void onEvent(String type, byte[] data, int offset, int length, ChatEventSink out) {
        if (type.equals(SseStreamDecoder.ERROR)) {
            onError(type, data, offset, length, out);
        }
        event.read(type, data, offset, length);
        if (event.sequenceNumber() >= 0) {
            if (event.sequenceNumber() <= resumedAt) {
                return;
            }
            position = event.sequenceNumber();
        }
        if (includeRaw) {
            answer.raw(raw(), out);
        }
        if (event.type() >= 0 && event.type() <= OpenAiResponsesWire.CUSTOM_INPUT_DELTA) {
            onDelta(event.type(), out);
        } else {
            dispatch(event.type(), out);
        }
    }

    private void onError(String type, byte[] data, int offset, int length, ChatEventSink out) {
        if (includeRaw) {
            answer.raw(new ChatEvent.Raw(type, new String(data, offset, length, StandardCharsets.UTF_8)), out);
        }
        throw ProviderErrors.inStream(data, offset, length, head);
    }

    private void dispatch(int type, ChatEventSink out) {
        switch (type) {
            case OpenAiResponsesWire.OUTPUT_TEXT_DONE,
                    OpenAiResponsesWire.SUMMARY_TEXT_DONE,
                    OpenAiResponsesWire.REASONING_TEXT_DONE -> onWhole(type, OpenAiResponsesWire.TEXT, out);
            case OpenAiResponsesWire.REFUSAL_DONE -> onWhole(type, OpenAiResponsesWire.REFUSAL, out);
            case OpenAiResponsesWire.ARGUMENTS_DONE -> onWhole(type, OpenAiResponsesWire.ARGUMENTS, out);
            case OpenAiResponsesWire.CUSTOM_INPUT_DONE -> onWhole(type, OpenAiResponsesWire.INPUT, out);
            case OpenAiResponsesWire.ITEM_ADDED -> onItemAdded(out);
            case OpenAiResponsesWire.ITEM_DONE -> items.done(itemOfEvent(), event, out);
            case OpenAiResponsesWire.PART_ADDED, OpenAiResponsesWire.SUMMARY_PART_ADDED -> onPartAdded();
            case OpenAiResponsesWire.PART_DONE, OpenAiResponsesWire.SUMMARY_PART_DONE -> onPartDone(out);
            case OpenAiResponsesWire.ANNOTATION_ADDED -> onAnnotation();
            case OpenAiResponsesWire.QUEUED, OpenAiResponsesWire.CREATED, OpenAiResponsesWire.IN_PROGRESS ->
                identify(event.object(OpenAiResponsesWire.RESPONSE, ECHO));
            case OpenAiResponsesWire.COMPLETED -> onEnd("completed", out);
            case OpenAiResponsesWire.INCOMPLETE -> onEnd("incomplete", out);
            case OpenAiResponsesWire.FAILED -> onEnd("failed", out);
            case OpenAiResponsesWire.CANCELLED -> onEnd("cancelled", out);
            case OpenAiResponsesWire.ERROR -> throw ProviderErrors.inStream(event.value(), head);
            case OpenAiResponsesWire.KEEPALIVE -> {}
            default -> onOther(out);
        }
    }

    private ChatEvent.Raw raw() {
        return new ChatEvent.Raw(event.typeName(), event.json());
    }

    private void onDelta(int type, ChatEventSink out) {
        String fragment = event.delta();
        if (fragment == null) {
            return;
        }
        items.findOrImply(event, type).delta(type, event.partIndex(), fragment, out);
    }

    private void onWhole(int type, int member, ChatEventSink out) {
        String text = event.string(member);
        if (text == null) {
            return;
        }
        ResponsesItem item = items.findOrImply(event, type - OpenAiResponsesWire.OUTPUT_TEXT_DONE);
        item.logprobs(event.partIndex(), ResponsesItem.list(event.value(OpenAiResponsesWire.LOGPROBS)));
        item.whole(type, event.partIndex(), text, out);
    }

    private void onPartAdded() {
        ResponsesItem item = items.find(event);
        if (item != null) {
            item.partAdded(event.partIndex(), partOfEvent());
        }
    }

    private void onPartDone(ChatEventSink out) {
        ResponsesItem item = items.find(event);
        if (item != null) {
            item.partDone(event.partIndex(), partOfEvent(), out);
        }
    }

    private Map<String, ?> partOfEvent() {
        return ResponsesItem.object(event.value(OpenAiResponsesWire.PART));
    }

    private void onAnnotation() {
        ResponsesItem item = items.find(event);
        Object annotation = event.value(OpenAiResponsesWire.ANNOTATION);
        if (item != null && annotation != null) {
            item.annotation(event.partIndex(), annotation);
        }
    }

    private Map<String, ?> itemOfEvent() {
        return ResponsesItem.object(event.value(OpenAiResponsesWire.ITEM));
    }

    private void onItemAdded(ChatEventSink out) {
        boolean hosted = items.add(itemOfEvent(), event.outputIndex(), out);
        if (hosted && !includeRaw) {
            answer.output(raw(), out);
        }
    }

    /** Progress of a tool that the provider runs is output; what speaks of no item is not. */
    private void onOther(ChatEventSink out) {
        if (event.value(OpenAiResponsesWire.ERROR_MEMBER) != null) {
            throw ProviderErrors.inStream(event.value(), head);
        }
        if (includeRaw) {
            return;
        }
        if (event.outputIndex() >= 0) {
            answer.output(raw(), out);
        } else {
            answer.raw(raw(), out);
        }
    }

    private void identify(Map<String, ?> response) {
        String given = ResponsesItem.string(response.get("id"));
        id = id.isEmpty() ? given : id;
        answer.id(given);
        answer.model(ResponsesItem.string(response.get("model")));
    }

    private void onEnd(String told, ChatEventSink out) {
        Map<String, @Nullable Object> response =
                event.object(OpenAiResponsesWire.RESPONSE, items.isEmpty() ? ECHO_OF_REQUEST : ECHO);
        String status = worse(told, ResponsesItem.string(response.get("status")));
        if (status.equals("failed") || status.equals("cancelled")) {
            throw failure(status, response.get("error"));
        }
        identify(response);
        ResponsesItem.list(response.get("output")).forEach(item -> items.whole(ResponsesItem.object(item), out));
        items.endAll(status.equals("completed") ? Ending.DONE : Ending.LEFT_OPEN, out);
        complete = true;
        answer.end(end(status, response), out);
    }

    /** Some servers name every last event response.completed and say only inside how it ended. */
    private static String worse(String told, String status) {
        return STATUSES.indexOf(status) > STATUSES.indexOf(told) ? status : told;
    }

    private ChatException failure(String status, @Nullable Object error) {
        Object told = Objects.requireNonNullElseGet(
                error,
                () -> Map.of(
                        "code",
                        status.equals("failed") ? "server_error" : status,
                        "message",
                        "The response " + status + " without a reason."));
        ChatException failure = ProviderErrors.inStream(told, head);
        return status.equals("cancelled") ? failure.mutate().retryable(false).build() : failure;
    }

    private ChatEvent.ResponseEnd end(String status, Map<String, @Nullable Object> response) {
        Object reason = ResponsesItem.object(response.get("incomplete_details")).get("reason");
        String raw = reason == null ? status : status + ":" + reason;
        Map<String, @Nullable Object> usage = ResponsesItem.object(response.get("usage"));
        Map<String, @Nullable Object> metadata = event.members(NOT_METADATA_OF_EVENT);
        metadata.putAll(response);
        metadata.keySet().removeAll(NOT_METADATA);
        metadata.values().removeIf(Objects::isNull);
        return new ChatEvent.ResponseEnd(
                OpenAiResponsesWire.finishReason(raw, items.hasCalls(), items.hasRefusal()),
                raw,
                usage.isEmpty() ? null : OpenAiResponsesWire.usage(usage),
                metadata);
    }
}
