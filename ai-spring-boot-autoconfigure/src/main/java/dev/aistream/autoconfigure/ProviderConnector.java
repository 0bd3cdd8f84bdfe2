package dev.aistream.autoconfigure;

import java.time.Duration;
import org.springframework.http.client.reactive.ClientHttpConnector;
import reactor.netty.resources.ConnectionProvider;

/**
 * The way to the providers, with a pool of its own: not the application's {@code ClientHttpConnector}, whose read
 * timeout would cut streams and whose pool is small.
 */
final class ProviderConnector implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final ClientHttpConnector connector;
    private final ConnectionProvider pool;

    ProviderConnector(ClientHttpConnector connector, ConnectionProvider pool) {
        this.connector = connector;
        this.pool = pool;
    }

    /** A pool as the properties describe it. */
    static ConnectionProvider pool(AiHttpProperties properties) {
        return ConnectionProvider.builder("ai-stream")
                .maxConnections(properties.maxConnections())
                .pendingAcquireTimeout(properties.pendingAcquireTimeout())
                .maxIdleTime(properties.maxIdleTime())
                .evictInBackground(properties.maxIdleTime())
                .lifo()
                .disposeTimeout(CLOSE_TIMEOUT)
                .build();
    }

    ClientHttpConnector connector() {
        return connector;
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
