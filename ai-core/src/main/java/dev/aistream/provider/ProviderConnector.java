package dev.aistream.provider;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The way to the providers, over reactor-netty and a pool of its own. Close it when no more calls are made; what
 * still streams then goes on to its end.
 *
 * <p>A stream holds a connection until it ends, so the pool is large. No request is sent twice behind one's back, no
 * body is compressed, no redirect followed, and no timeout runs here but those of connecting: the clocks of a stream are
 * {@link ProviderHttpClient}'s.
 */
public final class ProviderConnector implements AutoCloseable {

    /** Most connections to one host. */
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** Shorter than {@link ProviderHttpOptions#DEFAULT_TIMEOUT}, so that an exhausted pool is told from a slow provider. */
    public static final Duration DEFAULT_PENDING_ACQUIRE_TIMEOUT = Duration.ofSeconds(20);

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Shorter than the idle timeouts that providers and their load balancers are known to have. */
    public static final Duration DEFAULT_MAX_IDLE_TIME = Duration.ofSeconds(30);

    private static final int MAX_HEADER_BYTES = 64 * 1024;
    /** A fourth of netty's default: a flooding stream soon leaves the event loop to others, and to its own cancel. */
    private static final int MAX_READS_IN_A_ROW = 4;

    private static final Map<String, String> REFUSED = Map.of(
            "JdkClientHttpConnector", "the JDK's client never closes the connection of a cancelled stream",
            "HttpComponentsClientHttpConnector",
                    "HttpComponents does not close the connection of an idle cancelled stream");

    private final int maxConnections;
    private final Duration pendingAcquireTimeout;
    private final int connectMillis;
    private final Duration maxIdleTime;
    private final UnaryOperator<HttpClient> customizer;
    private final PooledConnector.Waiters waiters = new PooledConnector.Waiters();
    private @Nullable ConnectionProvider pool;
    private @Nullable PooledConnector connector;
    private boolean closed;

    private ProviderConnector(Builder builder) {
        this.maxConnections = builder.maxConnections;
        this.pendingAcquireTimeout = builder.pendingAcquireTimeout;
        this.connectMillis = Math.toIntExact(builder.connectTimeout.toMillis());
        this.maxIdleTime = builder.maxIdleTime;
        this.customizer = builder.customizer;
    }

    public static ProviderConnector create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * What every client of a provider must have, whatever else was set: no stream survives a response timeout, waits in
     * a decompressor, or may be sent twice.
     */
    public static HttpClient streaming(HttpClient client) {
        return client.option(
                        ChannelOption.RCVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(MAX_READS_IN_A_ROW))
                .doOnChannelInit((observer, channel, remote) -> {
                    HeapReads.addTo(channel);
                    ContentJoiner.addTo(channel);
                })
                .responseTimeout(null)
                .compress(false)
                .followRedirect(false)
                .disableRetry(true)
                .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_HEADER_BYTES));
    }

    /**
     * The connector. Whoever asks first waits until it is made: event loops, resolver and TLS take a young JVM some 50 ms,
     * which nobody is to wait for who has no call to make yet. Thread-safe.
     * @throws RejectedExecutionException after {@link #close}
     * @throws RuntimeException what {@link Builder#httpClient} throws, each time
     */
    public synchronized ClientHttpConnector connector() {
        if (closed) {
            throw new RejectedExecutionException("The connections are closed");
        }
        PooledConnector made = connector;
        if (made == null) {
            HttpClient client = HttpClient.create(pool()).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis);
            made = new PooledConnector(streaming(customizer.apply(client)), waiters);
            connector = made;
        }
        return made;
    }

    private ConnectionProvider pool() {
        ConnectionProvider made = pool;
        if (made == null) {
            made = ConnectionProvider.builder("ai-stream")
                    .maxConnections(maxConnections)
                    .pendingAcquireTimeout(pendingAcquireTimeout)
                    .maxIdleTime(maxIdleTime)
                    .evictInBackground(maxIdleTime)
                    .lifo()
                    .metrics(true, () -> waiters)
                    .build();
            pool = made;
        }
        return made;
    }

    /** Closes the pool and every connection that no stream holds. */
    @Override
    public synchronized void close() {
        closed = true;
        if (pool != null) {
            pool.dispose();
        }
    }

    static void requireClosing(ClientHttpConnector connector) {
        String reason = REFUSED.get(connector.getClass().getSimpleName());
        if (reason != null) {
            throw new IllegalArgumentException(connector.getClass().getSimpleName() + " cannot carry streams: " + reason
                    + ", so the provider goes on and bills; use ProviderConnector, or another of reactor-netty");
        }
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        private int maxConnections = DEFAULT_MAX_CONNECTIONS;
        private Duration pendingAcquireTimeout = DEFAULT_PENDING_ACQUIRE_TIMEOUT;
        private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
        private Duration maxIdleTime = DEFAULT_MAX_IDLE_TIME;
        private UnaryOperator<HttpClient> customizer = UnaryOperator.identity();

        private Builder() {}

        /**
         * Most connections to one host, a stream each.
         * @throws IllegalArgumentException if none is allowed
         */
        public Builder maxConnections(int maxConnections) {
            if (maxConnections < 1) {
                throw new IllegalArgumentException("maxConnections must be positive, was " + maxConnections);
            }
            this.maxConnections = maxConnections;
            return this;
        }

        /** Longest wait for a connection of the pool; then a call fails with {@code POOL_EXHAUSTED}. */
        public Builder pendingAcquireTimeout(Duration pendingAcquireTimeout) {
            this.pendingAcquireTimeout = pendingAcquireTimeout;
            return this;
        }

        /** Longest wait for a TCP connection. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        /** How long a connection that nobody uses is kept. */
        public Builder maxIdleTime(Duration maxIdleTime) {
            this.maxIdleTime = maxIdleTime;
            return this;
        }

        /**
         * TLS, proxy, event loops and whatever else; {@link #streaming} is applied after it. Called when {@link
         * #connector()} is first asked for.
         */
        public Builder httpClient(UnaryOperator<HttpClient> customizer) {
            this.customizer = customizer;
            return this;
        }

        public ProviderConnector build() {
            return new ProviderConnector(this);
        }
    }
}
