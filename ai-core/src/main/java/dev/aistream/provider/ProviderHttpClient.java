package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/**
 * Sends a request to a provider and streams what its decoder makes of the response: one attempt.
 *
 * <p>Thread-safe: one instance serves every request.
 */
public final class ProviderHttpClient {

    private final SingletonSupplier<Network> network;

    private ProviderHttpClient(SingletonSupplier<Network> network) {
        this.network = network;
    }

    /**
     * A client over a connector, usually {@link ProviderConnector}'s.
     * @param builder what else to send with each request, and what to observe; not changed
     * @param connector the way to the network
     * @throws IllegalArgumentException where the connector does not close the connection of a cancelled stream
     */
    public static ProviderHttpClient create(WebClient.Builder builder, ClientHttpConnector connector) {
        ProviderConnector.requireClosing(connector);
        return new ProviderHttpClient(SingletonSupplier.of(Network.of(builder, connector)));
    }

    /**
     * As {@link #create(WebClient.Builder, ClientHttpConnector)}, but made by {@link #warmUp} or, where nobody calls that,
     * by the first call.
     * @param builder asked then, on that thread
     */
    public static ProviderHttpClient create(Supplier<WebClient.Builder> builder, ProviderConnector connector) {
        return new ProviderHttpClient(SingletonSupplier.of(() -> Network.of(builder.get(), connector.connector())));
    }

    /**
     * Makes and loads what the first call would otherwise wait for; sends nothing. May take some 100 ms, on this thread.
     * @throws RuntimeException as the first call would fail
     */
    public void warmUp() {
        network.obtain().warmUp();
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
        return new ExchangeFlux(call, new WebClientExchange(network, call));
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

    /** A client and the connector below it. */
    record Network(WebClient webClient, ClientHttpConnector connector) {

        static Network of(WebClient.Builder builder, ClientHttpConnector connector) {
            WebClient webClient = builder.clone()
                    .clientConnector(new CancellableConnector(connector))
                    .build();
            return new Network(webClient, connector);
        }

        boolean isExhausted() {
            return connector instanceof PooledConnector pooled && pooled.isExhausted();
        }

        void warmUp() {
            if (connector instanceof PooledConnector pooled) {
                pooled.warmUp();
            }
        }
    }
}
