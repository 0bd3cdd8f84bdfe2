package dev.aistream.autoconfigure;

import dev.aistream.autoconfigure.AiHttpProperties.Proxy;
import dev.aistream.autoconfigure.AiHttpProperties.ProxyType;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.PatternMatchUtils;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

/** The proxy between the application and the providers. */
final class ProviderProxy {

    private ProviderProxy() {}

    /** The proxy of the properties, where they name one; else the client's own. */
    static HttpClient apply(HttpClient client, @Nullable Proxy proxy) {
        return proxy == null || proxy.host() == null ? client : client.proxy(spec -> configure(spec, proxy));
    }

    /**
     * Leaves it to a proxy to resolve names, which may be all that can: event loops of the application's own bring a
     * resolver along, which reactor-netty then prefers.
     */
    static HttpClient resolveThere(HttpClient client) {
        return client.configuration().hasProxy() ? client.resolver(NoopAddressResolverGroup.INSTANCE) : client;
    }

    private static void configure(ProxyProvider.TypeSpec spec, Proxy proxy) {
        ProxyProvider.Builder builder = spec.type(type(proxy.type()))
                .host(Objects.requireNonNull(proxy.host()))
                .port(Objects.requireNonNull(proxy.port()));
        if (proxy.username() != null) {
            String password = Objects.requireNonNullElse(proxy.password(), "");
            builder.username(proxy.username()).password(username -> password);
        }
        if (!proxy.nonProxyHosts().isEmpty()) {
            List<String> patterns = proxy.nonProxyHosts().stream()
                    .map(pattern -> pattern.toLowerCase(Locale.ROOT))
                    .toList();
            builder.nonProxyHostsPredicate(address -> matches(patterns, address));
        }
    }

    private static boolean matches(List<String> patterns, SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && PatternMatchUtils.simpleMatch(
                        patterns.toArray(String[]::new), inet.getHostString().toLowerCase(Locale.ROOT));
    }

    private static ProxyProvider.Proxy type(ProxyType type) {
        return switch (type) {
            case HTTP -> ProxyProvider.Proxy.HTTP;
            case SOCKS4 -> ProxyProvider.Proxy.SOCKS4;
            case SOCKS5 -> ProxyProvider.Proxy.SOCKS5;
        };
    }
}
