package dev.aistream.autoconfigure;

import dev.aistream.autoconfigure.AiHttpProperties.Proxy;
import dev.aistream.autoconfigure.AiHttpProperties.ProxyType;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.util.PatternMatchUtils;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

/** What every connection to a provider has in common. */
final class ProviderHttpClients {

    private ProviderHttpClients() {}

    /** Before anything that the application customizes. */
    static HttpClient defaults(HttpClient client) {
        return client.proxyWithSystemProperties();
    }

    /** After everything that the application customizes, for no stream survives what is switched off here. */
    static HttpClient finish(HttpClient client, AiHttpProperties properties) {
        HttpClient streaming = client.responseTimeout(null)
                .compress(false)
                .followRedirect(false)
                .disableRetry(true);
        Proxy proxy = properties.proxy();
        return proxy.host() == null ? streaming : streaming.proxy(spec -> configure(spec, proxy));
    }

    /**
     * Leaves it to a proxy to resolve names, which may be all that can: event loops of the application's own bring a
     * resolver along, which reactor-netty then prefers.
     */
    static HttpClient resolveAtProxy(HttpClient client) {
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
