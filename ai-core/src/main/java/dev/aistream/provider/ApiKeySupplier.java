package dev.aistream.provider;

import reactor.core.publisher.Mono;

/**
 * Where a provider's key comes from: fixed, rotating, or a token fetched from an identity service.
 *
 * <p>Asked once for each attempt, on the subscriber's thread; it must not block.
 */
@FunctionalInterface
public interface ApiKeySupplier {

    /**
     * The key, or an empty result where the provider needs none.
     * @param provider name of the provider
     * @return completes with the key or empty; an error fails the attempt; cancelled with the call
     */
    Mono<String> get(String provider);

    static ApiKeySupplier fixed(String key) {
        return new ApiKeySupplier() {
            @Override
            public Mono<String> get(String provider) {
                return Mono.just(key);
            }

            @Override
            public String toString() {
                return "ApiKeySupplier[fixed]";
            }
        };
    }

    static ApiKeySupplier none() {
        return provider -> Mono.empty();
    }
}
