package dev.aistream.autoconfigure.relay;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application with the relay's endpoint, on a real server of either stack. */
final class RelayServer implements AutoCloseable {

    private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";
    private static final String WITHOUT_SECURITY = "spring.autoconfigure.exclude=" + SECURITY
            + "web.servlet.ServletWebSecurityAutoConfiguration," + SECURITY
            + "web.servlet.SecurityFilterAutoConfiguration," + SECURITY
            + "web.reactive.ReactiveWebSecurityAutoConfiguration," + SECURITY
            + "UserDetailsServiceAutoConfiguration," + SECURITY + "ReactiveUserDetailsServiceAutoConfiguration";

    private final ConfigurableApplicationContext context;

    private RelayServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RelayServer start(WebApplicationType stack, String... properties) {
        return start(stack, List.of(), WITHOUT_SECURITY, properties);
    }

    static RelayServer startSecured(WebApplicationType stack, Class<?> security, String... properties) {
        return start(stack, List.of(security), "ai.relay.enabled=true", properties);
    }

    static RelayServer startWith(WebApplicationType stack, Class<?> configuration, String... properties) {
        return start(stack, List.of(configuration), WITHOUT_SECURITY, properties);
    }

    private static RelayServer start(
            WebApplicationType stack, List<Class<?>> configurations, String security, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "server.address=127.0.0.1",
                "spring.main.banner-mode=off",
                "spring.reactor.netty.shutdown-quiet-period=0s",
                "logging.level.root=warn",
                "ai.relay.enabled=true",
                security));
        all.addAll(List.of(properties));
        List<Class<?>> sources = new ArrayList<>(List.of(App.class));
        if (stack == WebApplicationType.REACTIVE) {
            sources.add(NettyServer.class);
        }
        sources.addAll(configurations);
        return new RelayServer(new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .web(stack)
                .properties(all.toArray(String[]::new))
                .run());
    }

    int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    TestModel model() {
        return context.getBean(TestModel.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    Browser get(String pathAndQuery, String... headers) {
        return Browser.open(port()).request("GET", pathAndQuery, "", withAccept(headers));
    }

    Browser post(String json, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Content-Type"))) {
            all.add("Content-Type: application/json");
        }
        return Browser.open(port()).request("POST", "/stream", json, all.toArray(String[]::new));
    }

    private static String[] withAccept(String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Accept"))) {
            all.add("Accept: text/event-stream");
        }
        return all.toArray(String[]::new);
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class App {

        @Bean
        TestModel testModel() {
            return new TestModel();
        }
    }

    /** Tomcat is on the class path too, and would serve the reactive stack as well. */
    static class NettyServer {

        @Bean
        NettyReactiveWebServerFactory webServerFactory() {
            return new NettyReactiveWebServerFactory();
        }
    }
}
