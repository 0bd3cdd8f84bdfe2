package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/**
 * Sends a request to a provider and streams what its decoder makes of the response: one attempt.
 *
 * <p>Thread-safe: one instance serves every request.
 */
public final class ProviderHttpClient {

    private final WebClient webClient;

    private ProviderHttpClient(WebClient webClient) {
        this.webClient = webClient;
    }

    /**
     * A client over a connector, usually a pooled one of reactor-netty.
     * @param builder what else to send with each request, and what to observe; not changed
     * @param connector the way to the network
     */
    public static ProviderHttpClient create(WebClient.Builder builder, ClientHttpConnector connector) {
        return new ProviderHttpClient(builder.clone().clientConnector(connector).build());
    }

    /** Sends the call, once for each subscription. */
    public Flux<ChatEvent> stream(ProviderCall call) {
        return Flux.error(new UnsupportedOperationException(call + " over " + webClient));
    }

    /**
     * Asks for the provider's key, then sends the call.
     * @param call makes the call; gets null where the supplier has no key
     */
    public Flux<ChatEvent> stream(ApiKeySupplier keys, String provider, Function<@Nullable String, ProviderCall> call) {
        return keys.get(provider).map(call).flatMapMany(this::stream);
    }
}
