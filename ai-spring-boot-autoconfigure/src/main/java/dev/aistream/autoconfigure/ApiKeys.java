package dev.aistream.autoconfigure;

import dev.aistream.provider.ApiKeySupplier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where a provider's key comes from: the first bean that has one, else the property. */
final class ApiKeys {

    private final ObjectProvider<ApiKeySupplier> beans;

    ApiKeys(ObjectProvider<ApiKeySupplier> beans) {
        this.beans = beans;
    }

    /** For a provider that may do without a key. */
    ApiKeySupplier optional(@Nullable String key) {
        ApiKeySupplier property = key == null || isPlaceholder(key) ? ApiKeySupplier.none() : ApiKeySupplier.fixed(key);
        List<ApiKeySupplier> suppliers = beans.orderedStream().toList();
        return suppliers.isEmpty() ? property : new FirstApiKeySupplier(suppliers, property);
    }

    /**
     * For a provider that takes no call without a key.
     * @throws MissingApiKeyException where neither the property nor a bean can have one
     */
    ApiKeySupplier required(String provider, @Nullable String key) {
        boolean missing = key == null || isPlaceholder(key);
        if (missing && beans.stream().findAny().isEmpty()) {
            throw new MissingApiKeyException(provider, key);
        }
        return optional(key);
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
