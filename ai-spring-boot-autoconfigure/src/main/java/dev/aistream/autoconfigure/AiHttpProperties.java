package dev.aistream.autoconfigure;

import dev.aistream.provider.ProviderConnector;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Connections to the providers. Not bound where none of them is set: the defaults are {@code ProviderConnector}'s.
 *
 * @param maxConnections Most connections to one host, a stream each.
 * @param pendingAcquireTimeout Longest wait for a connection of the pool; a provider's timeout ends it too.
 * @param maxIdleTime How long a connection that nobody uses is kept.
 * @param connectTimeout Longest wait for a TCP connection. By default that of spring.http.clients.connect-timeout, or
 *     10s.
 * @param ssl TLS towards the providers.
 * @param proxy Proxy towards the providers. By default that of the JVM's system properties.
 */
@Lazy
@ConfigurationProperties("ai.http")
public record AiHttpProperties(
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("20s") Duration pendingAcquireTimeout,
        @DefaultValue("30s") Duration maxIdleTime,
        @Nullable Duration connectTimeout,
        @Nullable Ssl ssl,
        @Nullable Proxy proxy) {

    private static final AiHttpProperties UNSET = new AiHttpProperties(
            ProviderConnector.DEFAULT_MAX_CONNECTIONS,
            ProviderConnector.DEFAULT_PENDING_ACQUIRE_TIMEOUT,
            ProviderConnector.DEFAULT_MAX_IDLE_TIME,
            null,
            null,
            null);

    public AiHttpProperties {
        Check.positive("max-connections", maxConnections);
        Check.positive("pending-acquire-timeout", pendingAcquireTimeout);
        Check.positive("max-idle-time", maxIdleTime);
        Check.positive("connect-timeout", connectTimeout);
    }

    /** Bound only where one of them is set. */
    static AiHttpProperties in(Environment environment, ObjectProvider<AiHttpProperties> bound) {
        return PropertyPrefix.isSet(environment, "ai.http") ? bound.getObject() : UNSET;
    }

    /**
     * TLS towards the providers.
     *
     * @param bundle Name of the SSL bundle. By default that of spring.http.clients.ssl.bundle, or the JVM's
     *     certificates.
     */
    public record Ssl(@Nullable String bundle) {

        public Ssl {
            bundle = ProviderProperties.textOrNull(bundle);
        }
    }

    /**
     * Proxy towards the providers.
     *
     * @param type Protocol that the proxy speaks.
     * @param host Name of the proxy's host.
     * @param port Port of the proxy.
     * @param username User name for the proxy.
     * @param password Password for the proxy.
     * @param nonProxyHosts Hosts to reach without the proxy; a star stands for anything.
     */
    public record Proxy(
            @DefaultValue("http") ProxyType type,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue List<String> nonProxyHosts) {

        public Proxy {
            host = ProviderProperties.textOrNull(host);
            username = ProviderProperties.textOrNull(username);
            nonProxyHosts = List.copyOf(nonProxyHosts);
            if (host == null && (port != null || StringUtils.hasText(username))) {
                throw new IllegalArgumentException("proxy.host is missing, but other properties of the proxy are set");
            }
            if (host != null && port == null) {
                throw new IllegalArgumentException("proxy.port is missing, but proxy.host is set");
            }
            if (port != null && (port < 1 || port > 65535)) {
                throw new IllegalArgumentException("proxy.port must be between 1 and 65535, was " + port);
            }
        }

        @Override
        public String toString() {
            return "Proxy[type=" + type + ", host=" + host + ", port=" + port + ", username=" + Masked.text(username)
                    + ", password=" + Masked.text(password) + ", nonProxyHosts=" + nonProxyHosts + "]";
        }
    }

    /** Protocol that a proxy speaks. */
    public enum ProxyType {
        /** HTTP, with CONNECT for TLS. */
        HTTP,
        /** SOCKS, version 4. */
        SOCKS4,
        /** SOCKS, version 5. */
        SOCKS5
    }
}
