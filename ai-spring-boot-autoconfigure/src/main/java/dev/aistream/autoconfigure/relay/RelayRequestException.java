package dev.aistream.autoconfigure.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A browser's request that is refused before the model is asked. The message is written for who sent it. */
public final class RelayRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final transient @Nullable Duration retryAfter;

    RelayRequestException(HttpStatus status, String message) {
        this(status, message, null);
    }

    RelayRequestException(HttpStatus status, String message, @Nullable Duration retryAfter) {
        // It is an answer, not a fault: no stack trace.
        super(message, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    static RelayRequestException bad(String message) {
        return new RelayRequestException(HttpStatus.BAD_REQUEST, message);
    }

    public HttpStatus status() {
        return status;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
