package dev.aistream.provider;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider.MeterRegistrar;

/** A connector that knows whether calls wait for a connection of its pool. */
final class PooledConnector extends ReactorClientHttpConnector {

    private final HttpClient client;
    private final Waiters waiters;

    PooledConnector(HttpClient client, Waiters waiters) {
        super(client);
        this.client = client;
        this.waiters = waiters;
    }

    /**
     * Makes event loops and resolver, and loads what the first connection needs; on this thread.
     * @throws IllegalStateException if that takes longer than a connection may
     */
    void warmUp() {
        client.warmup().block(ProviderConnector.DEFAULT_CONNECT_TIMEOUT);
    }

    /** Whether some call waits because every connection that the pool may have is in use. */
    boolean isExhausted() {
        return waiters.any();
    }

    /** Takes the place of a meter registry: the pool, one for each host, tells its figures when asked. */
    static final class Waiters implements MeterRegistrar {

        private final Map<String, ConnectionPoolMetrics> pools = new ConcurrentHashMap<>();

        @Override
        public void registerMetrics(String name, String id, SocketAddress remote, ConnectionPoolMetrics pool) {
            pools.put(id, pool);
        }

        @Override
        public void deRegisterMetrics(String name, String id, SocketAddress remote) {
            pools.remove(id);
        }

        boolean any() {
            return pools.values().stream().anyMatch(pool -> pool.pendingAcquireSize() > 0);
        }
    }
}
