package dev.aistream.autoconfigure;

import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.client.HttpClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the connections to the providers.
 *
 * <p>SSL bundle, proxy, address filter, event loops and what customizes Spring Boot's reactor-netty connector apply to
 * them. Its read timeout, compression and redirects do not, nor does the choice of another connector: the JDK's never
 * closes a cancelled stream.
 */
@AutoConfiguration(
        after = {HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class},
        afterName = "org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration")
@ConditionalOnBooleanProperty(name = "ai.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AiHttpProperties.class)
public final class AiHttpAutoConfiguration {

    AiHttpAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(ProviderConnector.class)
    ProviderConnector aiStreamProviderConnector(
            ObjectProvider<AiHttpProperties> bound,
            ObjectProvider<ClientHttpConnectorBuilder<?>> builders,
            ObjectProvider<HttpClientSettings> settings,
            ObjectProvider<SslBundles> bundles,
            Environment environment) {
        AiHttpProperties properties = AiHttpProperties.in(environment, bound);
        HttpClientSettings common = settings.getIfAvailable(HttpClientSettings::defaults);
        ReactorClientHttpConnectorBuilder builder = reactor(builders.getIfAvailable());
        HttpClientSettings streaming = streaming(common, ssl(common, properties, bundles));
        ProviderConnector connector = ProviderConnector.builder()
                .maxConnections(properties.maxConnections())
                .pendingAcquireTimeout(properties.pendingAcquireTimeout())
                .connectTimeout(connectTimeout(common, properties))
                .maxIdleTime(properties.maxIdleTime())
                .httpClient(client -> customize(client, builder, streaming, properties))
                .build();
        if (streaming.sslBundle() != null) {
            // Made at once, so that certificates that cannot be read fail the start.
            connector.connector();
        }
        return connector;
    }

    @Bean
    @ConditionalOnMissingBean(ProviderHttpClient.class)
    ProviderHttpClient aiStreamProviderHttpClient(
            ProviderConnector connector, ObjectProvider<WebClient.Builder> builders) {
        return ProviderHttpClient.create(() -> builders.getIfAvailable(WebClient::builder), connector);
    }

    @Bean
    @ConditionalOnMissingBean(name = "aiStreamProviderWarmUp")
    ProviderWarmUp aiStreamProviderWarmUp(ObjectProvider<ProviderHttpClient> clients) {
        return new ProviderWarmUp(clients.stream().toList());
    }

    private static ReactorClientHttpConnectorBuilder reactor(@Nullable ClientHttpConnectorBuilder<?> builder) {
        return builder instanceof ReactorClientHttpConnectorBuilder reactor
                ? reactor
                : ClientHttpConnectorBuilder.reactor();
    }

    /** The client as Spring Boot would have made it, but for its pool. */
    private static HttpClient customize(
            HttpClient client,
            ReactorClientHttpConnectorBuilder builder,
            HttpClientSettings settings,
            AiHttpProperties properties) {
        AtomicReference<HttpClient> customized = new AtomicReference<>(client);
        builder.withHttpClientFactory(() -> client)
                .withHttpClientDefaults(HttpClient::proxyWithSystemProperties)
                .withHttpClientCustomizer(last -> {
                    customized.set(last);
                    return last;
                })
                .build(settings);
        HttpClient proxied = ProviderProxy.apply(Objects.requireNonNull(customized.get()), properties.proxy());
        // An address filter judges addresses, so it needs them resolved here.
        return settings.inetAddressFilter() == null ? ProviderProxy.resolveThere(proxied) : proxied;
    }

    private static HttpClientSettings streaming(HttpClientSettings settings, @Nullable SslBundle ssl) {
        return settings.withTimeouts(null, null)
                .withCookieHandling(null)
                .withRedirects(HttpRedirects.DONT_FOLLOW)
                .withSslBundle(ssl);
    }

    private static @Nullable SslBundle ssl(
            HttpClientSettings settings, AiHttpProperties properties, ObjectProvider<SslBundles> bundles) {
        String bundle = properties.ssl() == null ? null : properties.ssl().bundle();
        return bundle == null ? settings.sslBundle() : bundles.getObject().getBundle(bundle);
    }

    private static Duration connectTimeout(HttpClientSettings settings, AiHttpProperties properties) {
        Duration ours = properties.connectTimeout();
        return ours != null
                ? ours
                : Objects.requireNonNullElse(settings.connectTimeout(), ProviderConnector.DEFAULT_CONNECT_TIMEOUT);
    }
}
