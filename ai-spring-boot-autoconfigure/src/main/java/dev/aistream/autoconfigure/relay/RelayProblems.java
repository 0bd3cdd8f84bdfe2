package dev.aistream.autoconfigure.relay;

import dev.aistream.relay.RelayFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Failures before the first event, as RFC 9457 tells them. */
public final class RelayProblems {

    private RelayProblems() {}

    public static ResponseEntity<ProblemDetail> of(RelayRequestException refused) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(refused.status(), message(refused));
        return response(problem, refused.retryAfter());
    }

    /**
     * The safe form of what the call failed with.
     * @param retryAfter when to try again where the provider does not say, but the failure may pass
     */
    public static ResponseEntity<ProblemDetail> of(Throwable failure, Duration retryAfter) {
        RelayFailure safe = RelayFailure.of(failure);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(safe.status()), safe.message());
        problem.setProperty("kind", safe.kind());
        problem.setProperty("retryable", safe.retryable());
        if (safe.requestId() != null) {
            problem.setProperty("requestId", safe.requestId());
        }
        boolean passes = safe.status() == HttpStatus.TOO_MANY_REQUESTS.value()
                || safe.status() == HttpStatus.SERVICE_UNAVAILABLE.value();
        return response(problem, safe.retryAfter() != null ? safe.retryAfter() : passes ? retryAfter : null);
    }

    private static ResponseEntity<ProblemDetail> response(ProblemDetail problem, @Nullable Duration retryAfter) {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (retryAfter != null) {
            long seconds = retryAfter.plusMillis(999).toSeconds();
            response.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, seconds)));
        }
        return response.body(problem);
    }

    private static String message(RelayRequestException refused) {
        return String.valueOf(refused.getMessage());
    }
}
