package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier poolIsExhausted;

    private ProviderHttpClient(WebClient webClient, BooleanSupplier poolIsExhausted) {
        this.webClient = webClient;
        this.poolIsExhausted = poolIsExhausted;
    }

    /**
     * A client over a connector, usually {@link ProviderConnector}'s.
     * @param builder what else to send with each request, and what to observe; not changed
     * @param connector the way to the network
     * @throws IllegalArgumentException where the connector does not close the connection of a cancelled stream
     */
    public static ProviderHttpClient create(WebClient.Builder builder, ClientHttpConnector connector) {
        ProviderConnector.requireClosing(connector);
        WebClient webClient = builder.clone()
                .clientConnector(new CancellableConnector(connector))
                .build();
        return new ProviderHttpClient(
                webClient, connector instanceof PooledConnector pooled ? pooled::isExhausted : () -> false);
    }

    /**
     * Sends the call, once for each subscription and at once.
     *
     * @return a cold stream that
     *     <ul>
     *       <li>completes when the decoder says that the answer is whole, without waiting for the body's end: the
     *           connection returns to the pool if the body ends within 50 ms, else it is closed;
     *       <li>fails with {@link ChatException}, after every event that came before, and nothing else;
     *       <li>closes the connection when cancelled, at any time and from any thread; no signal begins after {@code
     *           cancel()} has returned.
     *     </ul>
     *     Events come on the network's thread, or on that of the reader's request. No more than was requested is
     *     emitted, and the next buffer is read from the network only when all of the last is delivered.
     */
    public Flux<ChatEvent> stream(ProviderCall call) {
        return new ExchangeFlux(call, new WebClientExchange(webClient, call, poolIsExhausted));
    }

    /**
     * Asks for the provider's key, then sends the call.
     * @param keys asked once for each subscription; waited for as long as {@link ProviderHttpOptions#DEFAULT_TIMEOUT}
     * @param provider name of the provider
     * @param call makes the call; gets null where the supplier has no key
     * @return as {@link #stream(ProviderCall)}; what the supplier fails with, or {@code call} throws, is {@code
     *     INVALID_REQUEST}
     */
    public Flux<ChatEvent> stream(ApiKeySupplier keys, String provider, Function<@Nullable String, ProviderCall> call) {
        return KeyLookup.send(keys, provider, key -> stream(KeyLookup.make(call, key)));
    }
}
