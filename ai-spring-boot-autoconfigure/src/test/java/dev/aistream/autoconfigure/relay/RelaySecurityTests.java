package dev.aistream.autoconfigure.relay;

import static dev.aistream.autoconfigure.relay.TestModel.END;
import static dev.aistream.autoconfigure.relay.TestModel.START;
import static dev.aistream.autoconfigure.relay.TestModel.answer;
import static dev.aistream.autoconfigure.relay.TestModel.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The endpoint behind Spring Security, as a page with a CSRF cookie uses it. */
@ExtendWith(OutputCaptureExtension.class)
class RelaySecurityTests {

    private static final String ALICE = basic("alice");
    private static final String BOB = basic("bob");
    private static final String COOKIE = "Cookie: XSRF-TOKEN=0f6d2f0a-7c1b-4d7e-9a3e-0123456789ab";
    private static final String TOKEN = "X-XSRF-TOKEN: 0f6d2f0a-7c1b-4d7e-9a3e-0123456789ab";

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void streamsToSignedInUsersAndLimitsEach(WebApplicationType stack, CapturedOutput output) {
        Class<?> security = stack == WebApplicationType.SERVLET ? ServletSecurity.class : ReactiveSecurity.class;
        try (RelayServer server = RelayServer.startSecured(stack, security, "ai.relay.max-streams-per-user=2")) {
            anonymousIsRefused(server);
            postWithoutTokenIsRefused(server);
            signedInUserIsAnswered(server);
            thirdStreamOfOneUserIsRefused(server);
        }
        assertThat(output).doesNotContain("ERROR", "AccessDenied", "open to everybody");
    }

    private static void anonymousIsRefused(RelayServer server) {
        server.model().answers(answer("unseen"));
        try (Browser browser = server.get("/stream?prompt=hi")) {
            assertThat(browser.status()).isEqualTo(HttpStatus.UNAUTHORIZED.value());
        }
        assertThat(server.model().calls()).isZero();
    }

    private static void postWithoutTokenIsRefused(RelayServer server) {
        try (Browser browser = server.post("{\"prompt\":\"hi\"}", ALICE)) {
            assertThat(browser.status()).isEqualTo(HttpStatus.FORBIDDEN.value());
        }
        assertThat(server.model().calls()).isZero();
    }

    private static void signedInUserIsAnswered(RelayServer server) {
        server.model().answers(answer("welcome"));
        try (Browser get = server.get("/stream?prompt=hi", ALICE);
                Browser post = server.post("{\"prompt\":\"hi\"}", ALICE, COOKIE, TOKEN)) {
            assertThat(get.rest()).contains("welcome", "event:complete");
            assertThat(post.rest()).contains("welcome", "event:complete");
        }
    }

    private static void thirdStreamOfOneUserIsRefused(RelayServer server) {
        CompletableFuture<Void> go = new CompletableFuture<>();
        server.model()
                .answers(Flux.concat(
                        Flux.just(START, text("a")), Mono.fromFuture(go).then(Mono.empty()), Flux.just(END)));
        List<Browser> open = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Browser browser = server.get("/stream?prompt=hi", ALICE);
            assertThat(browser.block()).startsWith("id:0");
            open.add(browser);
        }
        try (Browser third = server.get("/stream?prompt=hi", ALICE);
                Browser other = server.get("/stream?prompt=hi", BOB)) {
            assertThat(third.status()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS.value());
            assertThat(third.rest()).contains("You have too many answers open");
            assertThat(other.status()).isEqualTo(HttpStatus.OK.value());
            go.complete(null);
            assertThat(other.rest()).contains("event:complete");
        }
        open.forEach(browser -> assertThat(browser.rest()).contains("event:complete"));
        open.forEach(Browser::close);
    }

    private static String basic(String user) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString((user + ":pw").getBytes(UTF_8));
    }

    private static UserDetails user(String name) {
        return User.withUsername(name).password("{noop}pw").roles("USER").build();
    }

    @Configuration(proxyBeanMethods = false)
    static class ServletSecurity {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                            .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
                    .build();
        }

        @Bean
        InMemoryUserDetailsManager users() {
            return new InMemoryUserDetailsManager(user("alice"), user("bob"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ReactiveSecurity {

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
                            .csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler()))
                    .build();
        }

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(user("alice"), user("bob"));
        }
    }
}
