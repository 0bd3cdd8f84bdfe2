package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

@ExtendWith(OutputCaptureExtension.class)
class AiHttpAutoConfigurationTests {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    private final List<String> acceptEncodings = new CopyOnWriteArrayList<>();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    HttpClientAutoConfiguration.class,
                    ReactiveHttpClientAutoConfiguration.class,
                    WebClientAutoConfiguration.class,
                    AiHttpAutoConfiguration.class))
            .withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s");
    /** Of its own: Spring Boot's context ends Reactor Netty's common ones, on which a server could not be stopped. */
    private final LoopResources serverLoops = LoopResources.create("server");

    private DisposableServer server;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.createIn(directory);
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.disposeNow(Duration.ofSeconds(30));
        }
        serverLoops.disposeLater(Duration.ZERO, BOUND).block(BOUND);
    }

    @Test
    void clientsOfOnesOwnMayBeSeveral() {
        Supplier<ProviderHttpClient> client =
                () -> ProviderHttpClient.create(WebClient::builder, ProviderConnector.create());
        runner.withBean("one", ProviderHttpClient.class, client)
                .withBean("other", ProviderHttpClient.class, client)
                .run(context -> assertThat(context).hasSingleBean(ProviderWarmUp.class));
    }

    @Test
    void connectorBuildersOfWhichNoneIsPrimaryFailTheStart() {
        runner.withBean("one", ReactorClientHttpConnectorBuilder.class, ClientHttpConnectorBuilder::reactor)
                .withBean("other", ReactorClientHttpConnectorBuilder.class, ClientHttpConnectorBuilder::reactor)
                .run(context ->
                        assertThat(context).getFailure().hasRootCauseInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    void sslBundleOfOursApplies() throws Exception {
        startTlsServer();
        runner.withPropertyValues(bundle("provider"))
                .withPropertyValues("ai.http.ssl.bundle=provider")
                .run(context -> assertThat(get(context, "https://localhost:" + server.port()))
                        .isEqualTo("hello"));
    }

    @Test
    void sslBundleOfSpringBootApplies() throws Exception {
        startTlsServer();
        runner.withPropertyValues(bundle("everywhere"))
                .withPropertyValues("spring.http.clients.ssl.bundle=everywhere")
                .run(context -> assertThat(get(context, "https://localhost:" + server.port()))
                        .isEqualTo("hello"));
    }

    @Test
    void unknownCertificateIsRefusedWithoutBundle() throws Exception {
        startTlsServer();
        runner.run(context -> assertThatThrownBy(() -> get(context, "https://localhost:" + server.port()))
                .isInstanceOf(WebClientRequestException.class)
                .hasCauseInstanceOf(SSLException.class));
    }

    @Test
    void proxyOfOursApplies() throws Exception {
        startServer(Duration.ZERO);
        try (ConnectProxy proxy = new ConnectProxy(server.port())) {
            runner.withPropertyValues(
                            "ai.http.proxy.host=localhost",
                            "ai.http.proxy.port=" + proxy.port(),
                            "ai.http.proxy.username=ai",
                            "ai.http.proxy.password=open sesame")
                    .run(context ->
                            assertThat(get(context, "http://provider.test:81/")).isEqualTo("hello"));

            assertThat(proxy.heads())
                    .contains("CONNECT provider.test:81 HTTP/1.1")
                    .anySatisfy(line ->
                            assertThat(line).isEqualToIgnoringCase("proxy-authorization: Basic YWk6b3BlbiBzZXNhbWU="));
        }
    }

    @Test
    void hostsThatNeedNoProxyAreReachedWithoutIt() throws Exception {
        startServer(Duration.ZERO);
        try (ConnectProxy proxy = new ConnectProxy(server.port())) {
            runner.withPropertyValues(
                            "ai.http.proxy.host=localhost",
                            "ai.http.proxy.port=" + proxy.port(),
                            "ai.http.proxy.non-proxy-hosts=*.internal,LOCAL*")
                    .run(context -> assertThat(get(context, "http://localhost:" + server.port()))
                            .isEqualTo("hello"));

            assertThat(proxy.heads()).isEmpty();
        }
    }

    @Test
    void proxyOfSpringBootsConnectorApplies() throws Exception {
        startServer(Duration.ZERO);
        try (ConnectProxy proxy = new ConnectProxy(server.port())) {
            runner.withUserConfiguration(ProxyCustomizer.class)
                    .withPropertyValues("test.proxy-port=" + proxy.port())
                    .run(context ->
                            assertThat(get(context, "http://provider.test:81/")).isEqualTo("hello"));

            assertThat(proxy.heads()).contains("CONNECT provider.test:81 HTTP/1.1");
        }
    }

    @Test
    void readTimeoutAndCompressionOfSpringBootDoNotApply() {
        startServer(Duration.ofMillis(400));
        runner.withPropertyValues("spring.http.clients.read-timeout=100ms")
                .withUserConfiguration(CompressingCustomizer.class)
                .run(context -> assertThat(get(context, "http://localhost:" + server.port()))
                        .isEqualTo("hello"));

        assertThat(acceptEncodings).containsExactly("none");
    }

    @Test
    void theJdkConnectorIsRefused() {
        runner.withPropertyValues("spring.http.clients.reactive.connector=jdk")
                .run(context -> assertThat(
                                context.getBean(ProviderConnector.class).connector())
                        .isInstanceOf(ReactorClientHttpConnector.class));
    }

    @Test
    void unknownSslBundleFailsTheStart() {
        runner.withPropertyValues("ai.http.ssl.bundle=nowhere")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("nowhere"));
    }

    @Test
    void unreadableSslBundleFailsTheStart() {
        runner.withPropertyValues(
                        "spring.ssl.bundle.pem.broken.truststore.certificate=no certificate",
                        "ai.http.ssl.bundle=broken")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void outOfRangeFailsTheStart() {
        runner.withPropertyValues("ai.http.max-connections=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("max-connections must be at least 1, was 0"));
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "systemEnvironment", Map.of("AI_HTTP_MAXIDLETIME", "0s"))))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("max-idle-time must be longer than zero"));
    }

    @Test
    void theStartMakesNoClient() {
        CountingCustomizer made = new CountingCustomizer();
        runner.withBean(CountingCustomizer.class, () -> made).run(context -> {
            assertThat(made.clients).hasValue(0);

            context.getBean(ProviderHttpClient.class).warmUp();

            assertThat(made.clients).hasValue(1);
            context.getBean(ProviderConnector.class).connector();
            assertThat(made.clients).hasValue(1);
        });
    }

    @Test
    void theReadyApplicationMakesTheClientElsewhere() {
        CountingCustomizer made = new CountingCustomizer();
        runner.withBean(CountingCustomizer.class, () -> made).run(context -> {
            ready(context);

            assertThat(made.thread.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("ai-stream-warm-up");
        });
    }

    @Test
    void failingWarmUpIsToldAndLeavesTheApplicationAlone(CapturedOutput output) {
        FailingNetwork network = new FailingNetwork();
        runner.withBean(ProviderHttpClient.class, network::client).run(context -> {
            ready(context);
            network.fail();

            assertThat(output).contains("The connection to the providers could not be prepared");
            assertThat(context).hasNotFailed();
        });
    }

    @Test
    void warmUpThatTheApplicationsEndOvertakesIsNotTold(CapturedOutput output) {
        FailingNetwork network = new FailingNetwork();
        runner.withBean(ProviderHttpClient.class, network::client).run(context -> {
            ready(context);
            context.close();
            network.fail();

            assertThat(output).doesNotContain("could not be prepared");
        });
    }

    @Test
    void theApplicationsOwnWebClientIsLeftAlone() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(org.springframework.http.client.reactive.ClientHttpConnector.class)
                .hasSingleBean(ProviderHttpClient.class)
                .hasBean("aiStreamProviderHttpClient")
                .hasBean("clientHttpConnector"));
    }

    @Test
    void worksWithoutSpringBootsWebClient() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AiHttpAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.webclient"))
                .run(context -> assertThat(context).hasSingleBean(ProviderHttpClient.class));
    }

    @Test
    void backsOffWhenUserDefinesTheClient() {
        runner.withUserConfiguration(OwnClient.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(ProviderHttpClient.class)
                        .hasBean("ownClient"));
    }

    @Test
    void internalBeanBacksOffByItsName() {
        runner.withBean("aiStreamProviderWarmUp", String.class, () -> "mine")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ProviderWarmUp.class));
    }

    @Test
    void isSwitchedOff() {
        runner.withPropertyValues("ai.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ProviderHttpClient.class)
                        .doesNotHaveBean(ProviderConnector.class)
                        .doesNotHaveBean(AiHttpProperties.class));
    }

    private static void ready(AssertableApplicationContext context) {
        context.publishEvent(new ApplicationReadyEvent(
                new SpringApplication(), new String[0], context.getSourceApplicationContext(), Duration.ZERO));
    }

    private static String get(ApplicationContext context, String url) {
        return WebClient.builder()
                .clientConnector(context.getBean(ProviderConnector.class).connector())
                .build()
                .get()
                .uri(url)
                .retrieve()
                .bodyToMono(String.class)
                .block(BOUND);
    }

    private static String[] bundle(String name) {
        String prefix = "spring.ssl.bundle.jks." + name + ".truststore.";
        return new String[] {
            prefix + "location=" + certificate.keyStore().toUri(),
            prefix + "password=" + TestCertificate.PASSWORD,
            prefix + "type=PKCS12"
        };
    }

    private void startServer(Duration delay) {
        server = http(delay).bindNow(BOUND);
    }

    private void startTlsServer() throws Exception {
        SslContextBuilder ssl = SslContextBuilder.forServer(certificate.keyManagerFactory());
        io.netty.handler.ssl.SslContext context = ssl.build();
        server = http(Duration.ZERO).secure(spec -> spec.sslContext(context)).bindNow(BOUND);
    }

    private HttpServer http(Duration delay) {
        return HttpServer.create().runOn(serverLoops).host("localhost").port(0).handle((request, response) -> {
            acceptEncodings.add(
                    Objects.requireNonNullElse(request.requestHeaders().get("Accept-Encoding"), "none"));
            return response.sendString(Mono.just("hello").delayElement(delay));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClient {

        @Bean
        ProviderHttpClient ownClient() {
            return ProviderHttpClient.create(WebClient.builder(), new ReactorClientHttpConnector());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxyCustomizer {

        @Bean
        ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> proxy(
                org.springframework.core.env.Environment environment) {
            int port = environment.getRequiredProperty("test.proxy-port", Integer.class);
            return builder -> builder.withHttpClientCustomizer(
                    client -> client.proxy(spec -> spec.type(reactor.netty.transport.ProxyProvider.Proxy.HTTP)
                            .host("localhost")
                            .port(port)));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CompressingCustomizer {

        @Bean
        ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> compression() {
            return builder -> builder.withHttpClientCustomizer(client -> client.compress(true));
        }
    }

    /** What cannot be made, as somebody finds out in the background. */
    private static final class FailingNetwork {

        private final CompletableFuture<Thread> asked = new CompletableFuture<>();
        private final CountDownLatch failing = new CountDownLatch(1);

        ProviderHttpClient client() {
            return ProviderHttpClient.create(this::make, ProviderConnector.create());
        }

        private WebClient.Builder make() {
            asked.complete(Thread.currentThread());
            try {
                assertThat(failing.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("broken");
        }

        /** Returns when the thread that asks has done with the failure. */
        void fail() throws Exception {
            failing.countDown();
            Thread thread = asked.get(BOUND.toSeconds(), TimeUnit.SECONDS);
            thread.join(BOUND.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    /** Counts the clients of ours: Spring Boot's own is made only for who asks for it. */
    private static final class CountingCustomizer
            implements ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> {

        private final AtomicInteger clients = new AtomicInteger();
        private final CompletableFuture<String> thread = new CompletableFuture<>();

        @Override
        public ReactorClientHttpConnectorBuilder customize(ReactorClientHttpConnectorBuilder builder) {
            return builder.withHttpClientCustomizer(client -> {
                if ("ai-stream"
                        .equals(client.configuration().connectionProvider().name())) {
                    clients.incrementAndGet();
                    thread.complete(Thread.currentThread().getName());
                }
                return client;
            });
        }
    }
}
