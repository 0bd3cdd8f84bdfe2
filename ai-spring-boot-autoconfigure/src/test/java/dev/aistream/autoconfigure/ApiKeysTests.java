package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aistream.provider.ApiKeySupplier;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ApiKeysTests {

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

    @Test
    void thePropertyIsTheKeyWhereThereIsNoBean() {
        assertKey(required("sk-property"), "sk-property");
    }

    @Test
    void theFirstBeanThatHasAKeyWins() {
        beans.addBean("other", (ApiKeySupplier) provider -> Mono.empty());
        beans.addBean("mine", (ApiKeySupplier) provider -> Mono.just("sk-" + provider));
        beans.addBean(
                "never", (ApiKeySupplier) provider -> Mono.error(new AssertionError("asked although not needed")));

        assertKey(required("sk-property"), "sk-openai");
    }

    @Test
    void thePropertyIsLeftWhereNoBeanHasAKey() {
        beans.addBean("other", (ApiKeySupplier) provider -> Mono.empty());

        assertKey(required("sk-property"), "sk-property");
    }

    @Test
    void everyAttemptAsksAnew() {
        AtomicInteger asked = new AtomicInteger();
        beans.addBean("rotating", (ApiKeySupplier) provider -> Mono.just("sk-" + asked.incrementAndGet()));

        ApiKeySupplier supplier = required(null);

        assertKey(supplier, "sk-1");
        assertKey(supplier, "sk-2");
    }

    @Test
    void aProviderThatNeedsNoneGoesWithout() {
        StepVerifier.create(optional(null).get("openai")).expectComplete().verify(Duration.ofSeconds(5));
        StepVerifier.create(optional("${UNSET}").get("openai")).expectComplete().verify(Duration.ofSeconds(5));
    }

    @Test
    void aProviderThatNeedsOneSaysSo() {
        assertThatExceptionOfType(MissingApiKeyException.class)
                .isThrownBy(() -> required(null))
                .withMessage("No key for provider 'openai': ai.openai.api-key is not set");
    }

    @Test
    void noKeyIsShown() {
        beans.addBean("mine", (ApiKeySupplier) provider -> Mono.just("sk-bean"));

        assertThat(required("sk-property").toString()).doesNotContain("sk-");
    }

    private ApiKeySupplier required(@Nullable String key) {
        return ApiKeys.of("openai", "ai.openai", key, true, beans.getBeanProvider(ApiKeySupplier.class));
    }

    private ApiKeySupplier optional(@Nullable String key) {
        return ApiKeys.of("openai", "ai.openai", key, false, beans.getBeanProvider(ApiKeySupplier.class));
    }

    private static void assertKey(ApiKeySupplier supplier, String key) {
        StepVerifier.create(supplier.get("openai"))
                .expectNext(key)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }
}
