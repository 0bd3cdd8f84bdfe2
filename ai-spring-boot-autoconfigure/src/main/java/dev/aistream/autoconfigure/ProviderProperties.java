package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import dev.aistream.chat.ChatOptions;
import dev.aistream.provider.ProviderHttpOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** What the properties of every provider that is reached by HTTP have in common. */
interface ProviderProperties {

    @Nullable
    String apiKey();

    @Nullable
    URI baseUrl();

    @Nullable
    String model();

    Map<String, String> headers();

    Duration timeout();

    Duration firstTokenTimeout();

    Duration idleTimeout();

    @Nullable
    Duration gapTimeout();

    @Nullable
    Duration totalTimeout();

    Integer maxRetries();

    Duration retryInterval();

    Duration maxRetryDelay();

    int maxLineBytes();

    @Nullable
    ChatOptionsProperties options();

    /** With a base URL, which need not come from a property. */
    default ProviderHttpOptions toHttpOptions(URI baseUrl) {
        return new ProviderHttpOptions(
                baseUrl, headers(), timeout(), firstTokenTimeout(), idleTimeout(), gapTimeout(), maxLineBytes());
    }

    default ChatOptions toChatOptions() {
        ChatOptionsProperties options = options();
        return options == null ? ChatOptions.NONE : options.toOptions();
    }

    default CallPolicy toCallPolicy() {
        return new CallPolicy(maxRetries(), retryInterval(), maxRetryDelay(), totalTimeout());
    }

    /** For {@code toString}: everything of the above, without secrets. */
    default String describe() {
        return "apiKey=" + Masked.text(apiKey()) + ", baseUrl=" + baseUrl() + ", model=" + model() + ", headers="
                + Masked.values(headers().keySet()) + ", timeout=" + timeout() + ", firstTokenTimeout="
                + firstTokenTimeout() + ", idleTimeout=" + idleTimeout() + ", gapTimeout=" + gapTimeout()
                + ", totalTimeout=" + totalTimeout() + ", maxRetries=" + maxRetries() + ", retryInterval="
                + retryInterval() + ", maxRetryDelay=" + maxRetryDelay() + ", maxLineBytes=" + maxLineBytes()
                + ", options=" + options();
    }

    /** An empty value, as of an environment variable that is not set, is none. */
    static @Nullable String textOrNull(@Nullable String value) {
        return StringUtils.hasText(value) ? value.trim() : null;
    }
}
