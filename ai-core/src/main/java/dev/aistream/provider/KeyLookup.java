package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What comes before a call: its key, and the making of it. Whatever fails here has sent nothing. */
final class KeyLookup {

    private KeyLookup() {}

    static Mono<Optional<String>> key(ApiKeySupplier keys, String provider) {
        return Mono.defer(() -> inTime(keys.get(provider)))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .onErrorMap(failure -> !(failure instanceof ChatException), failure -> noKey(provider, failure));
    }

    /** A fixed key is there at once and needs no clock. */
    private static Mono<String> inTime(Mono<String> key) {
        return key instanceof Callable ? key : key.timeout(ProviderHttpOptions.DEFAULT_TIMEOUT);
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

    static ProviderCall make(Function<@Nullable String, ProviderCall> call, Optional<String> key) {
        try {
            return call.apply(key.orElse(null));
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
