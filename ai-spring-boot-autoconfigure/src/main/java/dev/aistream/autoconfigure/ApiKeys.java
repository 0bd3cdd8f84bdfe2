package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where a provider's key comes from: the first bean that has one, else the property. */
final class ApiKeys {

    private ApiKeys() {}

    /**
     * The key of a provider that takes no call without one at its own address; other servers may.
     * @param prefix of the provider's properties
     * @param own where the provider itself answers
     * @throws MissingApiKeyException where neither the property nor a bean can have the key that is needed
     */
    static ApiKeySupplier of(
            String provider,
            String prefix,
            ProviderProperties properties,
            URI own,
            ObjectProvider<ApiKeySupplier> beans) {
        URI baseUrl = properties.baseUrl();
        boolean needed = baseUrl == null || sameDomain(baseUrl.getHost().toLowerCase(Locale.ROOT), own.getHost());
        return of(provider, prefix, properties.apiKey(), needed, beans);
    }

    static ApiKeySupplier of(
            String provider,
            String prefix,
            @Nullable String key,
            boolean needed,
            ObjectProvider<ApiKeySupplier> beans) {
        List<ApiKeySupplier> suppliers = beans.orderedStream().toList();
        boolean missing = key == null || isPlaceholder(key);
        if (missing && needed && suppliers.isEmpty()) {
            throw new MissingApiKeyException(provider, prefix, key);
        }
        ApiKeySupplier property = key == null || isPlaceholder(key) ? ApiKeySupplier.none() : ApiKeySupplier.fixed(key);
        return suppliers.isEmpty() ? property : new FirstApiKeySupplier(suppliers, property);
    }

    private static boolean sameDomain(String host, String own) {
        return host.equals(own) || host.endsWith("." + own);
    }

    /** What the binder leaves of {@code ${OPENAI_API_KEY}} when there is no such variable. */
    private static boolean isPlaceholder(String key) {
        return key.startsWith("${") && key.endsWith("}");
    }

    private record FirstApiKeySupplier(List<ApiKeySupplier> suppliers, ApiKeySupplier property)
            implements ApiKeySupplier {

        @Override
        public Mono<String> get(String provider) {
            return Flux.fromIterable(suppliers)
                    .concatMap(supplier -> supplier.get(provider), 1)
                    .next()
                    .switchIfEmpty(Mono.defer(() -> property.get(provider)));
        }

        @Override
        public String toString() {
            return "ApiKeySupplier[" + suppliers.size() + " beans, then the property]";
        }
    }
}
