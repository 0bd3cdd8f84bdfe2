package dev.aistream.chat;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which a call fails.
 *
 * <p>Neither the message nor {@code toString} holds a key, a prompt or an answer.
 */
public final class ChatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. Closed: a minor release adds none. */
    public enum Kind {
        /** The request cannot be sent as it is; nothing was sent. */
        INVALID_REQUEST("Correct the request."),
        /** The provider's host name does not resolve. */
        UNKNOWN_HOST("Check the base URL and the name service."),
        /** The provider's host refuses the connection. */
        CONNECTION_REFUSED("Check the base URL and that the server runs."),
        /** The connection could not be made, or broke before the response head. */
        CONNECTION_FAILED("Check network and proxy; trying again may help."),
        /** The TLS handshake failed. */
        TLS("Check the certificates, or name an SSL bundle."),
        /** No connection of the pool became free in time. */
        POOL_EXHAUSTED("Raise ai.http.max-connections, or send less at once."),
        /** The response head did not come within {@code timeout}. */
        TIMEOUT("Raise timeout, or try again."),
        /** No output came within {@code first-token-timeout}. */
        FIRST_TOKEN_TIMEOUT("Raise first-token-timeout, or try again."),
        /** No byte came within {@code idle-timeout}. */
        IDLE_TIMEOUT("Raise idle-timeout, or try again."),
        /** No output came within {@code gap-timeout} of the last. */
        GAP_TIMEOUT("Raise gap-timeout, or try again."),
        /** The call took longer than {@code total-timeout}. */
        TOTAL_TIMEOUT("Raise total-timeout, or ask for less."),
        /** The provider answered with a status other than 2xx. */
        HTTP_STATUS("See the status and the provider's code."),
        /** The provider reported an error inside a stream that had begun with 200. */
        PROVIDER_ERROR("See the provider's code."),
        /** The provider withheld the whole answer for what was asked. */
        CONTENT_FILTERED("Change the prompt."),
        /** A 200 whose body is no event stream: a JSON document, HTML, nothing. */
        NOT_EVENT_STREAM("Check the base URL; a proxy may answer in place of the provider."),
        /** A line or an event is longer than allowed. */
        TOO_LONG("Raise max-line-length."),
        /** An event is not the JSON that the provider documents. */
        MALFORMED("The provider, or a proxy, sent broken data; check that it speaks the provider's protocol."),
        /** The stream ended without the provider's completion signal. */
        INTERRUPTED("The answer is cut; ask again, or go on from the partial result."),
        /** The reader, or the application, gave up. */
        CANCELLED("Nothing to do: the call was given up."),
        /** The application shuts down. */
        SHUTDOWN("Ask again when the application is back."),
        /** The answer is longer than {@code ai.max-kept-text}; the stream itself was delivered. */
        KEPT_TEXT_LIMIT("Read the stream in place of the response, or raise ai.max-kept-text.");

        private final String advice;

        Kind(String advice) {
            this.advice = advice;
        }
    }

    /** When it went wrong. */
    public enum Phase {
        /** Nothing had been emitted: the call can be repeated unseen. */
        BEFORE_FIRST_TOKEN,
        /** Output had been emitted: a repetition would be a second generation. */
        AFTER_FIRST_TOKEN
    }

    private final Kind kind;
    private final Phase phase;
    private final boolean retryable;
    private final @Nullable String code;
    private final @Nullable String type;
    private final @Nullable String param;
    private final @Nullable Integer status;
    private final @Nullable Duration retryAfter;
    private final @Nullable String requestId;
    private final transient @Nullable ResponseHead head;
    private final transient @Nullable ChatResponse partial;

    private ChatException(Builder builder) {
        super(builder.message, builder.cause);
        this.kind = builder.kind;
        this.phase = builder.phase;
        this.retryable = builder.retryable;
        this.code = builder.code;
        this.type = builder.type;
        this.param = builder.param;
        this.status = builder.status;
        this.retryAfter = builder.retryAfter;
        this.head = builder.head;
        this.requestId =
                builder.requestId != null || builder.head == null ? builder.requestId : builder.head.requestId();
        this.partial = builder.partial;
        setStackTrace(builder.stackTrace != null ? builder.stackTrace : getStackTrace());
        for (Throwable suppressed : builder.suppressed) {
            addSuppressed(suppressed);
        }
    }

    public static Builder builder(Kind kind, String message) {
        return new Builder(kind, message);
    }

    /** A builder that starts from this exception, its stack trace included. */
    public Builder mutate() {
        return new Builder(this);
    }

    public Kind kind() {
        return kind;
    }

    public Phase phase() {
        return phase;
    }

    /** Whether the same request may succeed later. After the first token a repetition is a second generation. */
    public boolean retryable() {
        return retryable;
    }

    /** The provider's code, such as {@code rate_limit_exceeded}; open, null where it sends none. */
    public @Nullable String code() {
        return code;
    }

    /** The provider's type of error, such as {@code invalid_request_error}. */
    public @Nullable String type() {
        return type;
    }

    /** The field of the request that the provider objects to. */
    public @Nullable String param() {
        return param;
    }

    /** HTTP status; for an error inside a stream, the one that it stands for. */
    public @Nullable Integer status() {
        return status;
    }

    /** How long the provider asks to wait; not capped. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The provider's id of the call, to quote to its support. */
    public @Nullable String requestId() {
        return requestId;
    }

    /** Status and headers of the provider's response; null where none came. */
    public @Nullable ResponseHead head() {
        return head;
    }

    /** The answer as far as it came; null where the call did not begin. */
    public @Nullable ChatResponse partial() {
        return partial;
    }

    /** What to do about it, in one sentence. */
    public String advice() {
        return kind.advice;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ChatException[").append(kind);
        if (status != null) {
            text.append(", status=").append(status);
        }
        if (code != null) {
            text.append(", code=").append(code);
        }
        text.append(", ").append(phase).append(", retryable=").append(retryable);
        if (requestId != null) {
            text.append(", requestId=").append(requestId);
        }
        return text.append("]: ")
                .append(getMessage())
                .append(' ')
                .append(advice())
                .toString();
    }

    /** Collects an exception. Not thread-safe. */
    public static final class Builder {

        private final Kind kind;
        private String message;
        private Phase phase = Phase.BEFORE_FIRST_TOKEN;
        private boolean retryable;
        private @Nullable String code;
        private @Nullable String type;
        private @Nullable String param;
        private @Nullable Integer status;
        private @Nullable Duration retryAfter;
        private @Nullable String requestId;
        private @Nullable ResponseHead head;
        private @Nullable ChatResponse partial;
        private @Nullable Throwable cause;
        private StackTraceElement @Nullable [] stackTrace;
        private Throwable[] suppressed = {};

        private Builder(Kind kind, String message) {
            this.kind = Objects.requireNonNull(kind, "kind");
            this.message = Objects.requireNonNull(message, "message");
        }

        private Builder(ChatException source) {
            this(source.kind, Objects.requireNonNullElse(source.getMessage(), ""));
            this.phase = source.phase;
            this.retryable = source.retryable;
            this.code = source.code;
            this.type = source.type;
            this.param = source.param;
            this.status = source.status;
            this.retryAfter = source.retryAfter;
            this.requestId = source.requestId;
            this.head = source.head;
            this.partial = source.partial;
            this.cause = source.getCause();
            this.stackTrace = source.getStackTrace();
            this.suppressed = source.getSuppressed();
        }

        /** No key, no prompt, no answer. */
        public Builder message(String message) {
            this.message = message;
            return this;
        }

        public Builder phase(Phase phase) {
            this.phase = phase;
            return this;
        }

        public Builder retryable(boolean retryable) {
            this.retryable = retryable;
            return this;
        }

        public Builder code(@Nullable String code) {
            this.code = code;
            return this;
        }

        public Builder type(@Nullable String type) {
            this.type = type;
            return this;
        }

        public Builder param(@Nullable String param) {
            this.param = param;
            return this;
        }

        public Builder status(@Nullable Integer status) {
            this.status = status;
            return this;
        }

        public Builder retryAfter(@Nullable Duration retryAfter) {
            this.retryAfter = retryAfter;
            return this;
        }

        public Builder requestId(@Nullable String requestId) {
            this.requestId = requestId;
            return this;
        }

        public Builder head(@Nullable ResponseHead head) {
            this.head = head;
            return this;
        }

        public Builder partial(@Nullable ChatResponse partial) {
            this.partial = partial;
            return this;
        }

        public Builder cause(@Nullable Throwable cause) {
            this.cause = cause;
            return this;
        }

        public ChatException build() {
            return new ChatException(this);
        }
    }
}
