package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What comes before a call: its key, and the making of it. Whatever fails here has sent nothing. */
final class KeyLookup {

    private KeyLookup() {}

    /**
     * Sends with the key, once it is there. A fixed key is there at once: it needs no clock, and no operators that every
     * event of the answer would pass through.
     * @param send gets null where the supplier has no key
     */
    static <T> Flux<T> send(ApiKeySupplier keys, String provider, Function<@Nullable String, Flux<T>> send) {
        return Flux.defer(() -> {
            Mono<String> key;
            String fixed;
            try {
                key = keys.get(provider);
                fixed = key instanceof Callable<?> known ? usable((String) known.call()) : null;
            } catch (Exception failure) {
                return Flux.error(told(provider, failure));
            }
            return key instanceof Callable
                    ? send.apply(fixed)
                    : awaited(key, provider).flatMapMany(found -> send.apply(found.orElse(null)));
        });
    }

    private static Mono<Optional<String>> awaited(Mono<String> key, String provider) {
        return key.timeout(ProviderHttpOptions.DEFAULT_TIMEOUT)
                .map(found -> Optional.ofNullable(usable(found)))
                .defaultIfEmpty(Optional.empty())
                .onErrorMap(failure -> told(provider, failure));
    }

    /** A file that holds a key mostly ends with a line end, which no header takes. */
    private static @Nullable String usable(@Nullable String key) {
        return key == null || key.isBlank() ? null : key.strip();
    }

    private static Throwable told(String provider, Throwable failure) {
        Throwable cause = Exceptions.unwrap(failure);
        return cause instanceof ChatException ? cause : noKey(provider, cause);
    }

    private static ChatException noKey(String provider, Throwable failure) {
        if (failure instanceof TimeoutException) {
            return ChatException.builder(Kind.TIMEOUT, "No key for " + provider + " came in time")
                    .retryable(true)
                    .build();
        }
        return ChatException.builder(
                        Kind.INVALID_REQUEST,
                        "No key for " + provider + ": its supplier failed with "
                                + failure.getClass().getSimpleName())
                .build();
    }

    static ProviderCall make(Function<@Nullable String, ProviderCall> call, @Nullable String key) {
        try {
            return call.apply(key);
        } catch (ChatException failure) {
            throw failure;
        } catch (IllegalArgumentException invalid) {
            throw ChatException.builder(Kind.INVALID_REQUEST, String.valueOf(invalid.getMessage()))
                    .build();
        } catch (RuntimeException broken) {
            throw ChatException.builder(
                            Kind.INVALID_REQUEST,
                            "The request cannot be made: " + broken.getClass().getSimpleName())
                    .cause(Failures.presentable(broken))
                    .build();
        }
    }
}
