package dev.aistream;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.util.unit.DataSize;
import reactor.core.Exceptions;

/** The failures that the template itself finds, and the one translation of what a model should not have thrown. */
final class CallFailures {

    private CallFailures() {}

    /**
     * What a model failed with, as the one exception that readers know. The message of a foreign exception may hold
     * a prompt or a key: it stays with the cause.
     */
    static ChatException of(Throwable thrown, String provider, boolean begun) {
        Throwable failure = Exceptions.unwrap(thrown);
        if (failure instanceof ChatException known) {
            return known;
        }
        Kind kind = kindOf(failure, begun);
        return ChatException.builder(
                        kind,
                        "The model of provider '" + provider + "' failed with "
                                + failure.getClass().getName())
                .retryable(kind != Kind.INVALID_REQUEST && kind != Kind.PROVIDER_ERROR)
                .cause(failure)
                .build();
    }

    private static Kind kindOf(Throwable failure, boolean begun) {
        if (failure instanceof IllegalArgumentException || failure instanceof UnsupportedOperationException) {
            return Kind.INVALID_REQUEST;
        }
        if (failure instanceof TimeoutException) {
            return begun ? Kind.GAP_TIMEOUT : Kind.TIMEOUT;
        }
        if (failure instanceof IOException) {
            return begun ? Kind.INTERRUPTED : Kind.CONNECTION_FAILED;
        }
        return Kind.PROVIDER_ERROR;
    }

    static ChatException interrupted(String provider) {
        return ChatException.builder(
                        Kind.INTERRUPTED, "The stream of provider '" + provider + "' ended before the answer was whole")
                .retryable(true)
                .build();
    }

    static ChatException cancelled() {
        return ChatException.builder(Kind.CANCELLED, "The call was cancelled").build();
    }

    static ChatException readerFailed(Throwable cause) {
        return ChatException.builder(Kind.CANCELLED, "The reader threw, so the call was cancelled")
                .cause(cause)
                .build();
    }

    static ChatException unread(Duration limit) {
        return ChatException.builder(
                        Kind.CANCELLED,
                        "The opened answer was not read within " + limit.toSeconds() + " s, so the call was cancelled")
                .build();
    }

    static ChatException shutdown() {
        return ChatException.builder(Kind.SHUTDOWN, "The application is shutting down")
                .retryable(true)
                .build();
    }

    static ChatException totalTimeout(Duration limit) {
        return ChatException.builder(Kind.TOTAL_TIMEOUT, "The call took longer than " + limit.toMillis() + " ms")
                .retryable(true)
                .build();
    }

    static ChatException keptTextLimit(DataSize limit) {
        return ChatException.builder(
                        Kind.KEPT_TEXT_LIMIT, "The answer is longer than the " + limit.toBytes() + " characters kept")
                .build();
    }

    /** The same failure, with what was done about it in its message. */
    static ChatException explained(ChatException failure, String explanation) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        int end = message.endsWith(".") ? message.length() - 1 : message.length();
        return failure.mutate()
                .message(message.substring(0, end) + "; " + explanation)
                .build();
    }
}
