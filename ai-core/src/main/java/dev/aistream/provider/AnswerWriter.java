package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatEvent.ReasoningDelta;
import dev.aistream.chat.ChatEvent.ReasoningEnd;
import dev.aistream.chat.ChatEvent.ReasoningStart;
import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatEvent.TextDelta;
import dev.aistream.chat.ChatEvent.TextEnd;
import dev.aistream.chat.ChatEvent.TextStart;
import dev.aistream.chat.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one answer into the order that {@link ChatEvent} promises, for decoders whose provider does not
 * number its blocks.
 *
 * <p>{@link ResponseStart} is held back until the first output, so that a call that fails before may be repeated
 * unseen; raw events wait with it, up to a bound. Text and reasoning are blocks of which one at most is open: a
 * fragment of the other kind ends it.
 *
 * <pre>
 *               text            reasoning
 * (not started) ----> in text  <----------> in reasoning
 *       |                |  closeBlock         |
 *       +--------------> between blocks <------+ ---- end ----> ended
 * </pre>
 *
 * <p>Not thread-safe: one instance per subscription.
 */
public final class AnswerWriter {

    private static final int MAX_HELD_RAW_CHARS = 64 * 1024;

    // Most answers have no other, and each event names it: one string for all of them stays in the processor's cache.
    private static final String FIRST_TEXT = "text-0";
    private static final String FIRST_REASONING = "reasoning-0";

    private enum Block {
        NONE,
        TEXT,
        REASONING
    }

    private final String provider;
    private final List<String> warnings;
    private final @Nullable ResponseHead head;
    private final SurrogateJoiner surrogates = new SurrogateJoiner();
    private String id = "";
    private String model = "";
    private boolean started;
    private @Nullable List<ChatEvent.Raw> heldRaw;
    private int heldRawChars;
    private Block open = Block.NONE;
    private String blockId = "";
    private int textBlocks;
    private int reasoningBlocks;

    /**
     * A writer for one response.
     * @param provider name of the provider
     * @param warnings what of the request was not sent
     * @param head the response's head; null where there is none
     */
    public AnswerWriter(String provider, List<String> warnings, @Nullable ResponseHead head) {
        this.provider = provider;
        this.warnings = List.copyOf(warnings);
        this.head = head;
    }

    /** Id of the response; null and empty are nothing, and after the start none is taken. */
    public void id(@Nullable String id) {
        if (id != null && !id.isEmpty()) {
            this.id = id;
        }
    }

    /** The model that answers; null and empty are nothing, and after the start none is taken. */
    public void model(@Nullable String model) {
        if (model != null && !model.isEmpty()) {
            this.model = model;
        }
    }

    public String id() {
        return id;
    }

    public String model() {
        return model;
    }

    /** Whether {@link ResponseStart} was emitted. */
    public boolean started() {
        return started;
    }

    /** A fragment of text; empty is nothing. */
    public void text(String fragment, ChatEventSink out) {
        String whole = take(Block.TEXT, fragment, out);
        if (!whole.isEmpty()) {
            out.next(new TextDelta(blockId, whole));
        }
    }

    /** A fragment of reasoning; empty is nothing. */
    public void reasoning(String fragment, ChatEventSink out) {
        String whole = take(Block.REASONING, fragment, out);
        if (!whole.isEmpty()) {
            out.next(new ReasoningDelta(blockId, whole));
        }
    }

    private String take(Block block, String fragment, ChatEventSink out) {
        if (fragment.isEmpty()) {
            return fragment;
        }
        if (open != block) {
            closeBlock(out);
            openBlock(block, out);
        }
        return surrogates.join(fragment);
    }

    private void openBlock(Block block, ChatEventSink out) {
        start(out);
        open = block;
        if (block == Block.TEXT) {
            blockId = textBlocks == 0 ? FIRST_TEXT : "text-" + textBlocks;
            textBlocks++;
            out.next(new TextStart(blockId));
        } else {
            blockId = reasoningBlocks == 0 ? FIRST_REASONING : "reasoning-" + reasoningBlocks;
            reasoningBlocks++;
            out.next(new ReasoningStart(blockId));
        }
    }

    /** Ends the block that is open, if any. */
    public void closeBlock(ChatEventSink out) {
        closeBlock(Map.of(), out);
    }

    /**
     * Ends the block that is open, if any.
     * @param metadata the provider's own, to send back with the block
     */
    public void closeBlock(Map<String, ?> metadata, ChatEventSink out) {
        if (open == Block.NONE) {
            return;
        }
        String lone = surrogates.end();
        if (open == Block.TEXT) {
            if (!lone.isEmpty()) {
                out.next(new TextDelta(blockId, lone));
            }
            out.next(new TextEnd(blockId, metadata));
        } else {
            if (!lone.isEmpty()) {
                out.next(new ReasoningDelta(blockId, lone));
            }
            out.next(new ReasoningEnd(blockId, metadata));
        }
        open = Block.NONE;
    }

    /** Output that is neither text nor reasoning; the block that is open stays open. */
    public void output(ChatEvent event, ChatEventSink out) {
        start(out);
        out.next(event);
    }

    /** A raw event: no output, so it waits for the start. */
    public void raw(ChatEvent.Raw event, ChatEventSink out) {
        if (started) {
            out.next(event);
            return;
        }
        if (heldRaw == null) {
            heldRaw = new ArrayList<>();
        }
        heldRaw.add(event);
        heldRawChars += event.json().length() + event.type().length() + 1;
        if (heldRawChars > MAX_HELD_RAW_CHARS) {
            start(out);
        }
    }

    /** Emits {@link ResponseStart}, unless that has happened. */
    public void start(ChatEventSink out) {
        if (started) {
            return;
        }
        started = true;
        out.next(new ResponseStart(id, model, provider, warnings, head));
        if (heldRaw != null) {
            heldRaw.forEach(out::next);
            heldRaw = null;
        }
    }

    /** The answer is whole: ends what is open, emits {@link ResponseEnd} and completes. */
    public void end(ResponseEnd end, ChatEventSink out) {
        start(out);
        closeBlock(out);
        out.next(end);
        out.complete();
    }
}
