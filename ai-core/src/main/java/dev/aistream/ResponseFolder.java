package dev.aistream;

import dev.aistream.TextPiece.Kind;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.ChatResponse.RawResponse;
import dev.aistream.chat.Content;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins the events of one answer into a {@link ChatResponse}, at any point of it.
 *
 * <p>Keeps at most as many characters as it is allowed to, structure counted in, and from then on no more. Not
 * thread-safe.
 */
final class ResponseFolder {

    /** Characters that a block, a raw event or an interleaving counts for, beside its text. */
    private static final int OVERHEAD = 32;

    private final long maxKept;
    private final boolean keepRaw;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder(0);
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Key, TextPiece> open = new HashMap<>();
    private final List<ChatEvent.Raw> raw = new ArrayList<>();
    private @Nullable TextPiece current;
    private ChatEvent.@Nullable ResponseStart start;
    private Conclusion conclusion = Conclusion.NONE;
    private long kept;
    private boolean truncated;

    ResponseFolder(long maxKept, boolean keepRaw) {
        this.maxKept = maxKept;
        this.keepRaw = keepRaw;
    }

    void fold(ChatEvent event) {
        if (event instanceof ChatEvent.TextDelta delta) {
            append(Kind.TEXT, delta.blockId(), delta.text());
        } else if (event instanceof ChatEvent.ReasoningDelta delta) {
            append(Kind.REASONING, delta.blockId(), delta.text());
        } else if (event instanceof ChatEvent.ToolCallDelta delta) {
            append(Kind.TOOL_CALL, delta.callId(), delta.argumentsJson());
        } else if (event instanceof ChatEvent.Raw sent) {
            keepRaw(sent);
        } else {
            foldStructure(event);
        }
    }

    private void foldStructure(ChatEvent event) {
        if (event instanceof ChatEvent.ResponseStart started) {
            start = started;
        } else if (event instanceof ChatEvent.TextStart started) {
            begin(Kind.TEXT, started.blockId(), "", text);
        } else if (event instanceof ChatEvent.TextEnd ended) {
            end(Kind.TEXT, ended.blockId(), true, ended.metadata());
        } else if (event instanceof ChatEvent.ReasoningStart started) {
            begin(Kind.REASONING, started.blockId(), "", reasoning);
        } else if (event instanceof ChatEvent.ReasoningEnd ended) {
            end(Kind.REASONING, ended.blockId(), true, ended.metadata());
        } else if (event instanceof ChatEvent.ToolCallStart started) {
            begin(Kind.TOOL_CALL, started.callId(), started.toolName(), new StringBuilder());
        } else if (event instanceof ChatEvent.ToolCallEnd ended) {
            end(Kind.TOOL_CALL, ended.callId(), ended.complete(), ended.metadata());
        } else if (event instanceof ChatEvent.Refusal declined) {
            append(Kind.REFUSAL, "", declined.text());
        } else if (event instanceof ChatEvent.NativeContent piece) {
            if (keep(OVERHEAD + JsonWeight.of(piece.content().value()))) {
                pieces.add(new Piece.NativePiece(piece.content()));
            }
        } else if (event instanceof ChatEvent.ResponseEnd ended) {
            conclusion = new Conclusion(ended.finishReason(), ended.rawFinishReason(), ended.usage(), ended.metadata());
        }
    }

    /** What a model's failure tells that no event has: why the answer had finished, and what it cost. */
    void foldFailure(ChatException failure) {
        ChatResponse told = failure.partial();
        if (told != null) {
            conclusion =
                    new Conclusion(told.finishReason(), told.rawFinishReason(), told.usage(), told.providerMetadata());
        }
    }

    private void append(Kind kind, String id, String characters) {
        if (truncated) {
            return;
        }
        TextPiece piece = current;
        if (piece == null || !piece.is(kind, id)) {
            piece = switchTo(kind, id);
            if (piece == null) {
                return;
            }
        }
        int count = characters.length();
        if (!keep(count)) {
            count = Math.max(0, (int) (count - (kept - maxKept)));
            if (count > 0 && Character.isHighSurrogate(characters.charAt(count - 1))) {
                count--;
            }
        }
        piece.append(characters, count);
    }

    private @Nullable TextPiece switchTo(Kind kind, String id) {
        TextPiece piece = open.get(new Key(kind, id));
        if (piece == null) {
            return begin(kind, id, "", bufferOf(kind));
        }
        current = piece;
        return keep(OVERHEAD) ? piece : null;
    }

    private StringBuilder bufferOf(Kind kind) {
        return switch (kind) {
            case TEXT -> text;
            case REASONING -> reasoning;
            case REFUSAL -> refusal;
            case TOOL_CALL -> new StringBuilder();
        };
    }

    private @Nullable TextPiece begin(Kind kind, String id, String toolName, StringBuilder buffer) {
        if (!keep(OVERHEAD + id.length() + toolName.length())) {
            return null;
        }
        TextPiece piece = new TextPiece(kind, id, toolName, buffer);
        pieces.add(piece);
        open.put(new Key(kind, id), piece);
        current = piece;
        return piece;
    }

    private void end(Kind kind, String id, boolean complete, Map<String, ?> metadata) {
        TextPiece piece = open.remove(new Key(kind, id));
        if (piece != null && keep(metadata.isEmpty() ? 0 : JsonWeight.of(metadata))) {
            piece.end(complete, metadata);
        }
        if (piece == current) {
            current = null;
        }
    }

    private void keepRaw(ChatEvent.Raw sent) {
        if (keepRaw && keep(OVERHEAD + sent.type().length() + sent.json().length())) {
            raw.add(sent);
        }
    }

    /** Whether there is room for so many characters more; if not, nothing is kept from here on. */
    private boolean keep(long characters) {
        if (truncated) {
            return false;
        }
        kept += characters;
        truncated = kept > maxKept;
        return !truncated;
    }

    boolean truncated() {
        return truncated;
    }

    boolean hasOutput() {
        return !pieces.isEmpty() || truncated;
    }

    @Nullable
    FinishReason finishReason() {
        return conclusion.finishReason();
    }

    @Nullable
    Usage usage() {
        return conclusion.usage();
    }

    /** The answer as it stands. */
    ChatResponse response(
            String provider,
            @Nullable String model,
            List<ChatResponse.Attempt> attempts,
            ChatResponse.Timings timings) {
        List<ToolCall> toolCalls = new ArrayList<>();
        List<Content> content = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            Content part = piece.content();
            if (part instanceof Content.ToolUse use) {
                toolCalls.add(use.call());
            }
            if (part != null) {
                content.add(part);
            }
        }
        return new ChatResponse(
                start == null ? "" : start.id(),
                start == null ? provider : start.provider(),
                start == null ? Objects.requireNonNullElse(model, "") : start.model(),
                text.toString(),
                reasoning.toString(),
                refusal.isEmpty() ? null : refusal.toString(),
                toolCalls,
                new Message.Assistant(content),
                finishReason(),
                conclusion.rawFinishReason(),
                usage(),
                start == null ? List.of() : start.warnings(),
                conclusion.metadata(),
                new RawResponse(start == null ? null : start.head(), raw),
                attempts,
                truncated,
                timings);
    }

    private record Key(Kind kind, String id) {}

    /** What is known only at the end. */
    private record Conclusion(
            @Nullable FinishReason finishReason,
            @Nullable String rawFinishReason,
            @Nullable Usage usage,
            Map<String, ?> metadata) {

        static final Conclusion NONE = new Conclusion(null, null, null, Map.of());
    }
}
