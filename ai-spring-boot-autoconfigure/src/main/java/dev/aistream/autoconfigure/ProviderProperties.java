package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** What the properties of every provider that is reached by HTTP have in common. */
interface ProviderProperties extends CallPolicies {

    @Nullable
    String apiKey();

    URI baseUrl();

    Map<String, String> headers();

    Duration timeout();

    Duration firstTokenTimeout();

    Duration idleTimeout();

    @Nullable
    Duration gapTimeout();

    @Nullable
    Duration totalTimeout();

    Duration retryInterval();

    Duration maxRetryDelay();

    int maxRetries();

    DataSize maxLineLength();

    default ProviderHttpOptions toHttpOptions() {
        return new ProviderHttpOptions(
                baseUrl(),
                headers(),
                timeout(),
                firstTokenTimeout(),
                idleTimeout(),
                gapTimeout(),
                Math.toIntExact(maxLineLength().toBytes()));
    }

    default CallPolicy toCallPolicy() {
        return new CallPolicy(maxRetries(), retryInterval(), maxRetryDelay(), totalTimeout());
    }

    /** An empty value, as of an environment variable that is not set, is none. */
    static @Nullable String textOrNull(@Nullable String value) {
        return StringUtils.hasText(value) ? value.trim() : null;
    }
}
