package dev.aistream.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aistream.provider.ApiKeySupplier;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ApiKeysTests {

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

    @Test
    void thePropertyIsTheKeyWhereThereIsNoBean() {
        assertKey(keys().required("openai", "sk-property"), "sk-property");
    }

    @Test
    void theFirstBeanThatHasAKeyWins() {
        beans.addBean("other", (ApiKeySupplier) provider -> Mono.empty());
        beans.addBean("mine", (ApiKeySupplier) provider -> Mono.just("sk-" + provider));
        beans.addBean(
                "never", (ApiKeySupplier) provider -> Mono.error(new AssertionError("asked although not needed")));

        assertKey(keys().required("openai", "sk-property"), "sk-openai");
    }

    @Test
    void thePropertyIsLeftWhereNoBeanHasAKey() {
        beans.addBean("other", (ApiKeySupplier) provider -> Mono.empty());

        assertKey(keys().required("openai", "sk-property"), "sk-property");
    }

    @Test
    void everyAttemptAsksAnew() {
        AtomicInteger asked = new AtomicInteger();
        beans.addBean("rotating", (ApiKeySupplier) provider -> Mono.just("sk-" + asked.incrementAndGet()));

        ApiKeySupplier supplier = keys().required("openai", null);

        assertKey(supplier, "sk-1");
        assertKey(supplier, "sk-2");
    }

    @Test
    void aProviderThatNeedsNoneGoesWithout() {
        StepVerifier.create(keys().optional(null).get("openai"))
                .expectComplete()
                .verify(Duration.ofSeconds(5));
        StepVerifier.create(keys().optional("${UNSET}").get("openai"))
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void aProviderThatNeedsOneSaysSo() {
        assertThatExceptionOfType(MissingApiKeyException.class)
                .isThrownBy(() -> keys().required("openai", null))
                .withMessage("No key for provider 'openai': ai.openai.api-key is not set");
    }

    @Test
    void noKeyIsShown() {
        beans.addBean("mine", (ApiKeySupplier) provider -> Mono.just("sk-bean"));

        assertThat(keys().required("openai", "sk-property").toString()).doesNotContain("sk-");
    }

    private ApiKeys keys() {
        ObjectProvider<ApiKeySupplier> provider = beans.getBeanProvider(ApiKeySupplier.class);
        return new ApiKeys(provider);
    }

    private static void assertKey(ApiKeySupplier supplier, String key) {
        StepVerifier.create(supplier.get("openai"))
                .expectNext(key)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }
}
