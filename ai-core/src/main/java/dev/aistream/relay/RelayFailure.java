package dev.aistream.relay;

import dev.aistream.chat.ChatException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a browser may know of a failure. The words are ours: a provider's may hold keys, addresses and prompts.
 *
 * @param kind {@link ChatException.Kind} in lower case, or {@code internal} for anything but a {@link ChatException}
 * @param message one or two sentences for the person in front of the page
 * @param retryable whether asking again may help
 * @param requestId the provider's id of the call, to quote to support; null where it sent none
 * @param retryAfter how long the provider asks to wait; null where it does not say
 * @param status the HTTP status that stands for the failure, should the head still be open: 4xx where the question
 *     is at fault, 429, or 502, 503, 504
 */
public record RelayFailure(
        String kind,
        String message,
        boolean retryable,
        @Nullable String requestId,
        @Nullable Duration retryAfter,
        int status) {

    private static final int MAX_REQUEST_ID_LENGTH = 200;

    /** The safe form of whatever a call failed with. */
    public static RelayFailure of(Throwable failure) {
        if (!(failure instanceof ChatException exception)) {
            return new RelayFailure("internal", "The answer failed on the server.", false, null, null, 500);
        }
        return new RelayFailure(
                RelayJson.lowerCase(exception.kind()),
                message(exception),
                exception.retryable(),
                cut(exception.requestId()),
                exception.retryAfter(),
                status(exception));
    }

    private static @Nullable String cut(@Nullable String requestId) {
        return requestId == null || requestId.length() <= MAX_REQUEST_ID_LENGTH
                ? requestId
                : requestId.substring(0, MAX_REQUEST_ID_LENGTH);
    }

    private static String message(ChatException exception) {
        return switch (exception.kind()) {
            case INVALID_REQUEST -> "The request cannot be sent to the model as it is.";
            case UNKNOWN_HOST, CONNECTION_REFUSED, CONNECTION_FAILED, TLS -> "The model cannot be reached.";
            case POOL_EXHAUSTED -> "Too many answers are being written at once.";
            case TIMEOUT, FIRST_TOKEN_TIMEOUT -> "The model did not answer in time.";
            case IDLE_TIMEOUT, GAP_TIMEOUT -> "The model stopped answering.";
            case TOTAL_TIMEOUT -> "The answer took too long.";
            case HTTP_STATUS, PROVIDER_ERROR -> providerMessage(exception);
            case CONTENT_FILTERED -> "The model's provider withheld the answer. Ask in other words.";
            case NOT_EVENT_STREAM, MALFORMED -> "The model sent something that is no answer.";
            case TOO_LONG -> "The model sent more at once than is allowed.";
            case INTERRUPTED -> "The answer broke off before its end.";
            case CANCELLED -> "The answer was given up.";
            case SHUTDOWN -> "The server is restarting. Ask again in a moment.";
            case KEPT_TEXT_LIMIT -> "The answer is too long to be kept.";
        };
    }

    private static String providerMessage(ChatException exception) {
        int status = exception.status() == null ? 0 : exception.status();
        if ("context_length_exceeded".equals(exception.code())) {
            return "The conversation is too long for the model.";
        }
        return switch (status) {
            case 429 -> "The model is asked too often, or its quota is used up.";
            case 400, 413, 422 -> "The model's provider refused the request.";
            case 401, 402, 403, 404 -> "This application has no access to the model.";
            case 503, 529 -> "The model is overloaded.";
            default -> "The model's provider reported an error.";
        };
    }

    private static int status(ChatException exception) {
        return switch (exception.kind()) {
            case INVALID_REQUEST, CONTENT_FILTERED -> 400;
            case POOL_EXHAUSTED, SHUTDOWN, CANCELLED -> 503;
            case TIMEOUT, FIRST_TOKEN_TIMEOUT, IDLE_TIMEOUT, GAP_TIMEOUT, TOTAL_TIMEOUT -> 504;
            case HTTP_STATUS, PROVIDER_ERROR -> providerStatus(exception);
            default -> 502;
        };
    }

    private static int providerStatus(ChatException exception) {
        int status = exception.status() == null ? 0 : exception.status();
        return switch (status) {
            case 400, 413, 422 -> 400;
            case 429 -> 429;
            case 503, 529 -> 503;
            case 408, 504, 524 -> 504;
            default -> 502;
        };
    }
}
