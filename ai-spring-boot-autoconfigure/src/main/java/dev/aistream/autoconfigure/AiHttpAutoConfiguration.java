package dev.aistream.autoconfigure;

import dev.aistream.provider.ProviderHttpClient;
import java.time.Duration;
import java.util.Objects;
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
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

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

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    AiHttpAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ProviderConnector aiStreamProviderConnector(
            AiHttpProperties properties,
            ObjectProvider<ClientHttpConnectorBuilder<?>> builders,
            ObjectProvider<HttpClientSettings> settings,
            ObjectProvider<SslBundles> bundles) {
        ConnectionProvider pool = ProviderConnector.pool(properties);
        HttpClientSettings streaming =
                streaming(settings.getIfAvailable(HttpClientSettings::defaults), properties, bundles);
        ReactorClientHttpConnectorBuilder builder = reactor(builders.getIfAvailable())
                .withHttpClientFactory(() -> HttpClient.create(pool))
                .withHttpClientDefaults(ProviderHttpClients::defaults)
                .withHttpClientCustomizer(client -> ProviderHttpClients.finish(client, properties));
        // An address filter judges addresses, so it needs them resolved here.
        if (streaming.inetAddressFilter() == null) {
            builder = builder.withHttpClientCustomizer(ProviderHttpClients::resolveAtProxy);
        }
        return new ProviderConnector(builder.build(streaming), pool);
    }

    @Bean
    @ConditionalOnMissingBean
    ProviderHttpClient aiStreamProviderHttpClient(
            ProviderConnector connector, ObjectProvider<WebClient.Builder> builders) {
        return ProviderHttpClient.create(builders.getIfAvailable(WebClient::builder), connector.connector());
    }

    private static ReactorClientHttpConnectorBuilder reactor(@Nullable ClientHttpConnectorBuilder<?> builder) {
        return builder instanceof ReactorClientHttpConnectorBuilder reactor
                ? reactor
                : ClientHttpConnectorBuilder.reactor();
    }

    private static HttpClientSettings streaming(
            HttpClientSettings settings, AiHttpProperties properties, ObjectProvider<SslBundles> bundles) {
        String bundle = properties.ssl().bundle();
        SslBundle ssl =
                bundle == null ? settings.sslBundle() : bundles.getObject().getBundle(bundle);
        Duration connectTimeout = properties.connectTimeout() != null
                ? properties.connectTimeout()
                : Objects.requireNonNullElse(settings.connectTimeout(), CONNECT_TIMEOUT);
        return settings.withReadTimeout(null)
                .withCookieHandling(null)
                .withRedirects(HttpRedirects.DONT_FOLLOW)
                .withConnectTimeout(connectTimeout)
                .withSslBundle(ssl);
    }
}
