package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonSyntaxException;
import dev.aistream.sse.SseLimitException;
import io.netty.handler.proxy.ProxyConnectException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where whatever goes wrong with a call becomes a {@link ChatException}: with its kind, phase and advice,
 * without keys and without what was said.
 */
final class Failures {

    private static final int MAX_CAUSES = 16;

    private final ProviderCall call;

    Failures(ProviderCall call) {
        this.call = call;
    }

    /**
     * No response, or one that is refused.
     * @param error null where the exchange ended without either
     * @param sent whether there was a connection
     */
    ChatException beforeHead(@Nullable Throwable error, boolean sent, Phase phase) {
        Throwable cause = error;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            ChatException failure = known(cause, sent);
            if (failure != null) {
                return finish(failure, phase, null);
            }
        }
        return finish(
                failure(Kind.CONNECTION_FAILED, "The call to " + host() + " failed before a response came", error)
                        .build(),
                phase,
                null);
    }

    private @Nullable ChatException known(Throwable cause, boolean sent) {
        if (cause instanceof ChatException failure) {
            return failure;
        }
        ChatException.Builder failure = null;
        if (cause instanceof UnknownHostException) {
            failure = failure(Kind.UNKNOWN_HOST, "The host " + host() + " does not resolve", cause);
        } else if (cause instanceof SSLException) {
            return failure(Kind.TLS, "TLS with " + host() + " failed: " + cause.getMessage(), cause)
                    .build();
        } else if (isPoolExhausted(cause)) {
            failure = failure(Kind.POOL_EXHAUSTED, "No connection to " + host() + " became free in time", cause);
        } else if (isShutdown(cause)) {
            return failure(Kind.SHUTDOWN, "The connections are closed: the application shuts down", cause)
                    .build();
        } else if (isRefused(cause)) {
            failure = failure(Kind.CONNECTION_REFUSED, host() + " refuses the connection", cause);
        } else if (cause instanceof TimeoutException) {
            failure = failure(Kind.TIMEOUT, "No response from " + host() + " in time", cause);
        } else if (cause instanceof IOException) {
            failure = failure(
                    Kind.CONNECTION_FAILED,
                    "The connection to " + host() + " failed before a response came: " + cause.getMessage(),
                    cause);
        } else if (cause instanceof IllegalArgumentException && !sent) {
            return failure(Kind.INVALID_REQUEST, "The request to " + host() + " could not be sent", cause)
                    .build();
        }
        return failure == null ? null : failure.retryable(true).build();
    }

    /** By name, for the pool is a shaded part of reactor-netty. */
    private static boolean isPoolExhausted(Throwable cause) {
        return cause.getClass().getSimpleName().startsWith("PoolAcquire");
    }

    private static boolean isShutdown(Throwable cause) {
        return cause instanceof RejectedExecutionException
                || cause.getClass().getSimpleName().equals("PoolShutdownException");
    }

    private static boolean isRefused(Throwable cause) {
        return cause instanceof ConnectException
                && !(cause instanceof ProxyConnectException)
                && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
    }

    /** A decoder, or what it stands on, could not go on. */
    ChatException decoding(Throwable broken, Phase phase, @Nullable ResponseHead head) {
        if (broken instanceof ChatException failure) {
            return finish(failure, phase, head);
        }
        ChatException.Builder failure;
        if (broken instanceof SseLimitException) {
            failure = failure(Kind.TOO_LONG, String.valueOf(broken.getMessage()), broken);
        } else if (broken instanceof JsonSyntaxException) {
            failure = failure(Kind.MALFORMED, "An event is not valid JSON: " + broken.getMessage(), broken);
        } else {
            failure = failure(
                    Kind.MALFORMED,
                    "An event could not be decoded (" + broken.getClass().getSimpleName() + ")",
                    broken);
        }
        return finish(failure.build(), phase, head);
    }

    /** Whether the provider itself says what went wrong, which tells more than how the connection ended. */
    static boolean isProvidersWord(ChatException failure) {
        return failure.kind() == Kind.PROVIDER_ERROR || failure.kind() == Kind.CONTENT_FILTERED;
    }

    /**
     * The body ended, or broke, before the answer was whole.
     * @param error null for a clean end
     */
    ChatException interrupted(@Nullable Throwable error, Phase phase, @Nullable ResponseHead head) {
        String how = error == null
                ? "The stream ended without the provider's completion signal"
                : "The connection broke before the provider's completion signal";
        return finish(failure(Kind.INTERRUPTED, how, error).retryable(true).build(), phase, head);
    }

    /**
     * No response head in time.
     * @param sent whether there was a connection
     */
    ChatException timeout(boolean sent, Phase phase) {
        String what = sent ? "No response head from " : "No connection to ";
        return finish(
                failure(Kind.TIMEOUT, what + host() + " within " + text(call.timeout()), null)
                        .retryable(true)
                        .build(),
                phase,
                null);
    }

    /** No connection of the pool became free within the timeout, which may be shorter than the pool's own. */
    ChatException poolExhausted(Phase phase) {
        return finish(
                failure(
                                Kind.POOL_EXHAUSTED,
                                "No connection to " + host() + " became free within " + text(call.timeout()),
                                null)
                        .retryable(true)
                        .build(),
                phase,
                null);
    }

    /** A clock of the body has run out. */
    ChatException expired(Kind clock, Phase phase, @Nullable ResponseHead head) {
        String message = switch (clock) {
            case FIRST_TOKEN_TIMEOUT -> "No output within " + text(call.firstTokenTimeout()) + " of the response head";
            case GAP_TIMEOUT -> "No output within " + text(call.gapTimeout()) + " of the last";
            default -> "No byte for " + text(call.idleTimeout());
        };
        return finish(failure(clock, message, null).retryable(true).build(), phase, head);
    }

    private static String text(@Nullable Duration duration) {
        if (duration == null) {
            return "none";
        }
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private String host() {
        String host = call.uri().getHost();
        return host == null ? "the provider" : host;
    }

    private static ChatException.Builder failure(Kind kind, String message, @Nullable Throwable cause) {
        return ChatException.builder(kind, message).cause(cause == null ? null : presentable(cause));
    }

    /** Network exceptions name hosts and codes; what others say may be a piece of the answer. */
    static Throwable presentable(Throwable cause) {
        if (cause instanceof IOException
                || cause instanceof TimeoutException
                || cause instanceof SseLimitException
                || cause instanceof JsonSyntaxException) {
            return cause;
        }
        IllegalStateException nameless =
                new IllegalStateException(cause.getClass().getName());
        nameless.setStackTrace(cause.getStackTrace());
        return nameless;
    }

    private ChatException finish(ChatException failure, Phase phase, @Nullable ResponseHead head) {
        Redaction redaction = Redaction.of(call);
        return failure.mutate()
                .message(redaction.message(String.valueOf(failure.getMessage())))
                .code(redaction.name(failure.code()))
                .type(redaction.name(failure.type()))
                .param(redaction.name(failure.param()))
                .head(failure.head() == null ? head : failure.head())
                .phase(phase)
                .build();
    }
}
